"""Collects the facts of the topic `reference`, and answers as of a version of them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from schemas.contract.events import (
    CertificateRevoked,
    CheckpointDescribed,
    ExposureRulesAdopted,
    PermitsExtended,
    PolicyAdopted,
    ReferenceEvent,
    SignerTrusted,
    SourceRefreshed,
    TrustListRefreshed,
    VehiclePermitted,
    ZoneLevelDecided,
)
from schemas.contract.terms import SourceName, ZoneLevel
from schemas.domain.exposure import SHIPPED
from schemas.domain.in_force import in_force
from schemas.domain.places import parents
from schemas.domain.reference.exposure_rules import SHIPPED_VERSION, KnownExposureRules
from schemas.domain.reference.permits import latest_permit
from schemas.domain.reference.policies import DEFAULT_POLICY
from schemas.domain.roads import node_of_checkpoint, shipped_checkpoints
from schemas.domain.trust import TrustList, TrustListAsOf

NOTHING_KNOWN = SHIPPED_VERSION
"""The version before the first record of the topic; what is shipped is known at it."""


@dataclass(slots=True)
class Reference:
    """Holds each fact with its version. It grows by `add`, in the order of the topic."""

    version: int = NOTHING_KNOWN
    zones: defaultdict[str, list[tuple[int, ZoneLevelDecided]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    checkpoints: defaultdict[str, list[tuple[int, CheckpointDescribed]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    policies: list[tuple[int, PolicyAdopted]] = field(default_factory=list)
    exposure_rules: list[tuple[int, ExposureRulesAdopted]] = field(
        default_factory=lambda: [(SHIPPED_VERSION, rules) for rules in SHIPPED]
    )
    trust: TrustList = field(default_factory=TrustList)
    permits: defaultdict[str, list[tuple[int, VehiclePermitted]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    permits_of_vehicle: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Ids of the permits that ever named a vehicle, as itself or as a trailer."""
    extensions: list[tuple[int, PermitsExtended]] = field(default_factory=list)
    refreshes: defaultdict[SourceName, list[tuple[int, SourceRefreshed]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    last_policy: tuple[int, datetime, PolicyAdopted] | None = field(
        default=None, compare=False, repr=False
    )
    """Version, instant and result of the last look for a policy.

    All rules that judge a scan look for the same one. What was known at a version never changes.
    """

    def add(self, version: int, event: ReferenceEvent) -> None:
        """Adds the fact that stands at this offset of the topic."""
        match event:
            case ZoneLevelDecided():
                self.zones[event.unit_code].append((version, event))
            case CheckpointDescribed():
                self.checkpoints[event.checkpoint_id].append((version, event))
            case PolicyAdopted():
                self.policies.append((version, event))
                self.last_policy = None
            case ExposureRulesAdopted():
                self.exposure_rules.append((version, event))
            case VehiclePermitted():
                self._add_permit(version, event)
            case PermitsExtended():
                self.extensions.append((version, event))
            case SourceRefreshed():
                self.refreshes[event.source].append((version, event))
            case SignerTrusted() | TrustListRefreshed() | CertificateRevoked():
                self.trust.add(version, event)
        self.version = version

    def as_of(self, version: int) -> "ReferenceAsOf":
        """Returns the view that leaves out facts of later versions."""
        return ReferenceAsOf(self, version)

    def _add_permit(self, version: int, permit: VehiclePermitted) -> None:
        self.permits[permit.permit_id].append((version, permit))
        for vehicle_key in (permit.vehicle_key, permit.trailer_key):
            if vehicle_key:
                self.permits_of_vehicle[vehicle_key].add(permit.permit_id)


@dataclass(frozen=True, slots=True)
class ReferenceAsOf:
    """The reference data as known at one version."""

    reference: Reference
    version: int

    @property
    def zones_decided(self) -> bool:
        """Whether any level was ever decided; without one nothing can be said of levels."""
        return bool(self.reference.zones)

    def zone_level(self, unit_code: str, at: datetime) -> ZoneLevel | None:
        """Returns the level of a place at an instant; None if none was decided."""
        decided = self.zone(unit_code, at)
        return None if decided is None else decided.level

    def zone(self, unit_code: str, at: datetime) -> ZoneLevelDecided | None:
        """Returns the decision on a commune itself, else on its district, else on its province."""
        zones = self.reference.zones
        if not zones:
            return None
        for code in (unit_code, *parents(unit_code)):
            if code not in zones:
                continue
            decided = in_force(zones[code], at, self.version)
            if decided:
                return decided
        return None

    def checkpoint(self, checkpoint_id: str, at: datetime) -> CheckpointDescribed | None:
        """Returns the description for the instant; where none holds, the shipped one if any."""
        facts = self.reference.checkpoints.get(checkpoint_id, ())
        return in_force(facts, at, self.version) or shipped_checkpoints().get(checkpoint_id)

    def checkpoints(self, at: datetime) -> list[CheckpointDescribed]:
        """Returns every checkpoint described for the instant, closed ones too, by id."""
        ids = sorted({*self.reference.checkpoints, *shipped_checkpoints()})
        described = [self.checkpoint(checkpoint_id, at) for checkpoint_id in ids]
        return [checkpoint for checkpoint in described if checkpoint]

    def node_of_checkpoint(self, checkpoint_id: str, at: datetime) -> str | None:
        """Returns the checkpoint's node on the roads at that time; None where nobody knows."""
        checkpoint = self.checkpoint(checkpoint_id, at)
        if checkpoint is None:
            return None
        return node_of_checkpoint(
            checkpoint_id, checkpoint.unit_code, checkpoint.latitude, checkpoint.longitude
        )

    def policy(self, at: datetime) -> PolicyAdopted:
        """Returns the policy in force at an instant, else the built-in one."""
        last = self.reference.last_policy
        if last is not None and last[1] == at and last[0] == self.version:
            return last[2]
        policy = in_force(self.reference.policies, at, self.version) or DEFAULT_POLICY
        self.reference.last_policy = (self.version, at, policy)
        return policy

    def policies(self) -> list[tuple[int, PolicyAdopted]]:
        """Returns every policy with the version it is known from, the built-in one first."""
        adopted = [known for known in self.reference.policies if known[0] <= self.version]
        return [(NOTHING_KNOWN, DEFAULT_POLICY), *adopted]

    def permit(self, permit_id: str) -> VehiclePermitted | None:
        """Returns the last fact about a permit, with the end that decrees have moved."""
        facts = self.reference.permits.get(permit_id, ())
        return latest_permit(facts, self.reference.extensions, self.version)

    def permits_of(self, vehicle_key: str) -> list[VehiclePermitted]:
        """Returns the permits that name the vehicle, as itself or as a trailer."""
        ids = sorted(self.reference.permits_of_vehicle.get(vehicle_key, ()))
        permits = [self.permit(permit_id) for permit_id in ids]
        return [
            permit
            for permit in permits
            if permit and vehicle_key in (permit.vehicle_key, permit.trailer_key)
        ]

    def refreshed(self, source: SourceName, at: datetime) -> SourceRefreshed | None:
        """Returns the state of a source that was fresh at an instant, by the latest fact.

        None says that it was out of date, or that nobody has ever said how fresh it is.
        """
        for version, refresh in reversed(self.reference.refreshes.get(source, ())):
            if version > self.version or refresh.valid_from > at:
                continue
            if refresh.valid_to is None or at < refresh.valid_to:
                return refresh
        return None

    @property
    def trust(self) -> TrustListAsOf:
        """The signers of health certificates that are trusted."""
        return TrustListAsOf(self.reference.trust, self.version)

    def exposure_rules(self, adopted_by: datetime | None = None) -> dict[str, ExposureRulesAdopted]:
        """Returns every set by its name, whenever it is in force.

        Of several with one name it is the last to take effect. `adopted_by` leaves out sets that
        the doors received later.
        """
        return self._known_rules(adopted_by).by_name()

    def exposure_rules_named(
        self, rules_id: str, at: datetime, adopted_by: datetime | None = None
    ) -> ExposureRulesAdopted | None:
        """Returns the set of that name for cases of that time; None for an unknown name.

        Before the first version of the set takes effect, that one is returned.
        """
        return self._known_rules(adopted_by).named(rules_id, at)

    def exposure_rules_at(
        self, at: datetime, adopted_by: datetime | None = None
    ) -> ExposureRulesAdopted | None:
        """Returns the set in force at an instant; None before the first one."""
        return self._known_rules(adopted_by).in_force(at)

    def _known_rules(self, adopted_by: datetime | None) -> KnownExposureRules:
        return KnownExposureRules(self.reference.exposure_rules, self.version, adopted_by)
