"""Facts of the topic `reference`: zones, checkpoints, policies and exposure rules, each in force from an instant on."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, VehicleKey
from schemas.contract.terms import Decision, Side, SignatureAlgorithm, SourceName, ZoneLevel


class ZoneLevelDecided(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    unit_code: str
    level: ZoneLevel
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    valid_to: datetime | None = None
    decision: str | None = None


class CheckpointDescribed(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    checkpoint_id: str
    name: str
    unit_code: str
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    road: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    side: Side | None = None
    lanes: int | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    closed: bool = False
    valid_to: datetime | None = None


class PolicyAdopted(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    policy_id: str
    decisions: dict[str, Decision]
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    declaration_valid_hours: int = 72
    speed_most_kmh: float = 120.0
    travel_slack_minutes: float = 10.0
    detour_most_km: float = 20.0
    arrival_late_minutes: float = 120.0
    arrival_near_km: float = 20.0
    valid_to: datetime | None = None
    case_days: int = 28
    controlled_levels: list[ZoneLevel] = msgspec.field(default_factory=lambda: ["red"])
    red_share_least: float = 0.3
    orange_share_least: float = 0.5
    green_lane_exempt: bool = False
    test_required_levels: list[ZoneLevel] = []
    test_valid_hours: int = 72
    test_positive_days: int = 14
    dose_interval_least_days: int = 14
    dose_products_together: list[str] = []
    verdict_valid_hours: int = 24
    way_back_declared: bool = True
    passages_allowed: list[str] = []


class ExposureRulesAdopted(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    rules_id: str
    source: str
    days_before_onset: int
    overlap_minutes: float
    distance_most_m: float
    apart_minutes: Mapping[str, float]
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    days_before_sampling: int | None = None
    latent_hours: float = 0.0
    vehicles_count: bool = True
    households_count: bool = True
    follow_days: int | None = None
    assumed: list[str] = []
    valid_to: datetime | None = None
    uncertain_minutes: Mapping[str, float] = {}


class VehiclePermitted(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    permit_id: str
    vehicle_key: VehicleKey
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    trailer_key: VehicleKey | None = None
    crew_keys: list[DocumentKey] = []
    roads: list[str] = []
    revoked_at: datetime | None = None
    valid_to: datetime | None = None


class PermitsExtended(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    ending_from: datetime
    ending_to: datetime
    extended_to: datetime
    received_at: datetime
    submitted_by: str
    decision: str | None = None


class SignerTrusted(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    key_id: str
    country: str
    public_key: str
    algorithm: SignatureAlgorithm
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    issuer: str | None = None
    revoked_at: datetime | None = None
    valid_to: datetime | None = None


class TrustListRefreshed(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    source: str
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    valid_to: datetime | None = None


class CertificateRevoked(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    identifier_hash: str
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    reason: str | None = None
    valid_to: datetime | None = None


class SourceRefreshed(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    source: SourceName
    valid_from: datetime
    received_at: datetime
    submitted_by: str
    valid_to: datetime | None = None
