"""Reference data with both of its times: what was in force at an instant, as known at a version.

A version is the offset of the last `reference` record taken into account, so every answer given with a version can be given again.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import asdict, replace

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
from schemas.contract.ids import EventId
from schemas.contract.terms import SourceName, ZoneLevel
from schemas.domain.exposure import SHIPPED
from schemas.domain.in_force import in_force
from schemas.domain.places import parents
from schemas.domain.roads import node_of_post, shipped_posts
from schemas.domain.trust import TrustList, TrustListAsOf

NOTHING_KNOWN = -1
LATEST = datetime.max.replace(tzinfo=UTC)

DEFAULT_POLICY = PolicyAdopted(
    policy_id="built-in",
    event_id=EventId("built-in"),
    declaration_valid_hours=72,
    decisions={
        "no_valid_declaration": "refer",
        "code_not_in_force": "check_papers",
        "code_of_another": "refer",
        "code_not_trusted": "refer",
        "plate_not_declared": "check_papers",
        "identity_mismatch": "check_papers",
        "unknown_document": "check_papers",
        "number_contradiction": "check_papers",
        "two_names": "check_papers",
        "residence_mismatch": "check_papers",
        "red_zone_crossing": "turn_back",
        "vaccination_mismatch": "pass",
        "dose_sequence": "pass",
        "dose_record": "pass",
        "health_declared": "refer",
        "under_order": "turn_back",
        "case_at_post": "refer",
        "green_lane": "check_papers",
        "impossible_travel": "check_papers",
        "off_declared_route": "check_papers",
        "destination_not_reached": "check_papers",
        "certificate": "check_papers",
        "certificate/certificate_tampered": "refer",
        "certificate/certificate_list_out_of_date": "pass",
        "health_test": "refer",
    },
    valid_from=datetime(2021, 1, 1, tzinfo=UTC),
    received_at=datetime(2021, 1, 1, tzinfo=UTC),
    submitted_by="",
)


NO_PARAMETERS = frozenset(
    ("event_id", "policy_id", "decisions", "valid_from", "valid_to", "received_at", "submitted_by")
)


def parameters_of(policy: PolicyAdopted) -> dict[str, Any]:
    """What a policy sets besides its decisions."""
    return {name: value for name, value in asdict(policy).items() if name not in NO_PARAMETERS}


@dataclass(slots=True)
class Reference:
    """Grows by `add`, in the order of the topic; asked through `as_of`."""

    version: int = NOTHING_KNOWN
    zones: defaultdict[str, list[tuple[int, ZoneLevelDecided]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    checkpoints: defaultdict[str, list[tuple[int, CheckpointDescribed]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    policies: list[tuple[int, PolicyAdopted]] = field(default_factory=list)
    exposure_rules: list[tuple[int, ExposureRulesAdopted]] = field(
        default_factory=lambda: [(NOTHING_KNOWN, rules) for rules in SHIPPED]
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
    policy_asked: tuple[int, datetime, PolicyAdopted] | None = field(
        default=None, compare=False, repr=False
    )
    """Version, instant and answer of the last question: all rules that judge a scan ask the same one. What was known at a version never
    changes."""

    def add(self, version: int, event: ReferenceEvent) -> None:
        match event:
            case ZoneLevelDecided():
                self.zones[event.unit_code].append((version, event))
            case CheckpointDescribed():
                self.checkpoints[event.checkpoint_id].append((version, event))
            case PolicyAdopted():
                self.policies.append((version, event))
                self.policy_asked = None
            case ExposureRulesAdopted():
                self.exposure_rules.append((version, event))
            case VehiclePermitted():
                self.permits[event.permit_id].append((version, event))
                for key in filter(None, (event.vehicle_key, event.trailer_key)):
                    self.permits_of_vehicle[key].add(event.permit_id)
            case PermitsExtended():
                self.extensions.append((version, event))
            case SourceRefreshed():
                self.refreshes[event.source].append((version, event))
            case SignerTrusted() | TrustListRefreshed() | CertificateRevoked():
                self.trust.add(version, event)
        self.version = version

    def as_of(self, version: int) -> "ReferenceAsOf":
        return ReferenceAsOf(self, version)


@dataclass(frozen=True, slots=True)
class ReferenceAsOf:
    """The reference data as known at one version."""

    reference: Reference
    version: int

    @property
    def zones_decided(self) -> bool:
        """Whether there is any decision at all; none means that nothing can be told of levels."""
        return bool(self.reference.zones)

    def zone_level(self, unit_code: str, at: datetime) -> ZoneLevel | None:
        decided = self.zone(unit_code, at)
        return None if decided is None else decided.level

    def zone(self, unit_code: str, at: datetime) -> ZoneLevelDecided | None:
        """What was decided for a place: for its commune itself, else for its district, else for its province; None if nobody did."""
        zones = self.reference.zones
        if not zones:
            return None
        for code in (unit_code, *parents(unit_code)):
            if code in zones and (decided := in_force(zones[code], at, self.version)):
                return decided
        return None

    def checkpoint(self, checkpoint_id: str, at: datetime) -> CheckpointDescribed | None:
        """The post as it is described for the instant; where no description holds, as it is shipped, if it is."""
        facts = self.reference.checkpoints.get(checkpoint_id, ())
        return in_force(facts, at, self.version) or shipped_posts().get(checkpoint_id)

    def checkpoints(self, at: datetime) -> list[CheckpointDescribed]:
        """Every post that is described for the instant, closed ones too, by id."""
        ids = sorted({*self.reference.checkpoints, *shipped_posts()})
        return [post for checkpoint_id in ids if (post := self.checkpoint(checkpoint_id, at))]

    def node_of_post(self, checkpoint_id: str, at: datetime) -> str | None:
        """Where on the roads it stands then; None where nobody knows."""
        post = self.checkpoint(checkpoint_id, at)
        return (
            None
            if post is None
            else node_of_post(checkpoint_id, post.unit_code, post.latitude, post.longitude)
        )

    def policy(self, at: datetime) -> PolicyAdopted:
        last = self.reference.policy_asked
        if last is not None and last[1] == at and last[0] == self.version:
            return last[2]
        found = in_force(self.reference.policies, at, self.version) or DEFAULT_POLICY
        self.reference.policy_asked = (self.version, at, found)
        return found

    def policies(self) -> list[tuple[int, PolicyAdopted]]:
        """Every policy by when it was known, whenever it is in force; the built-in one first."""
        return [
            (NOTHING_KNOWN, DEFAULT_POLICY),
            *(one for one in self.reference.policies if one[0] <= self.version),
        ]

    def permit(self, permit_id: str) -> VehiclePermitted | None:
        """What was said last of a permit, with the end that decrees have moved."""
        known = [
            permit
            for version, permit in self.reference.permits.get(permit_id, ())
            if version <= self.version
        ]
        return self._extended(known[-1]) if known else None

    def permits_of(self, vehicle_key: str) -> list[VehiclePermitted]:
        """Those that name the vehicle, as itself or as a trailer."""
        named = [
            self.permit(permit_id)
            for permit_id in sorted(self.reference.permits_of_vehicle.get(vehicle_key, ()))
        ]
        return [
            permit
            for permit in named
            if permit and vehicle_key in (permit.vehicle_key, permit.trailer_key)
        ]

    def _extended(self, permit: VehiclePermitted) -> VehiclePermitted:
        """Decrees in the order in which they came: one may extend what another has extended."""
        for version, decree in self.reference.extensions:
            ends = permit.valid_to
            if (
                version <= self.version
                and ends
                and decree.ending_from <= ends <= decree.ending_to
                and decree.extended_to > ends
            ):
                permit = replace(permit, valid_to=decree.extended_to)
        return permit

    def refreshed(self, source: SourceName, at: datetime) -> SourceRefreshed | None:
        """The state of a source that was fresh at an instant, by the latest word; None: it was out of date, or nobody has ever said how
        fresh it is."""
        for version, refresh in reversed(self.reference.refreshes.get(source, ())):
            if (
                version <= self.version
                and refresh.valid_from <= at
                and (refresh.valid_to is None or at < refresh.valid_to)
            ):
                return refresh
        return None

    @property
    def trust(self) -> TrustListAsOf:
        return TrustListAsOf(self.reference.trust, self.version)

    def exposure_rules(self, adopted_by: datetime | None = None) -> dict[str, ExposureRulesAdopted]:
        """Every set by its name, whenever it is in force: of several of one name the one that takes effect last. `adopted_by`: without sets
        that the doors took later."""
        names = {rules.rules_id for _, rules in self._adopted(adopted_by)}
        return {
            name: rules
            for name in names
            if (rules := self.exposure_rules_named(name, LATEST, adopted_by))
        }

    def exposure_rules_named(
        self, rules_id: str, at: datetime, adopted_by: datetime | None = None
    ) -> ExposureRulesAdopted | None:
        """The set of that name for cases of that time; before its first version takes effect, that one. None where the name is unknown."""
        known = [
            (version, rules)
            for version, rules in self._standing(at, adopted_by)
            if rules.rules_id == rules_id
        ]
        begun = [one for one in known if one[1].valid_from <= at]
        chosen = max(begun, key=lambda one: (one[1].valid_from, one[0]), default=None) or min(
            known, key=lambda one: one[1].valid_from, default=None
        )
        return chosen[1] if chosen else None

    def exposure_rules_at(
        self, at: datetime, adopted_by: datetime | None = None
    ) -> ExposureRulesAdopted | None:
        """The set in force at an instant; None before the first one."""
        return in_force(self._standing(at, adopted_by), at, self.version)

    def _standing(
        self, at: datetime, adopted_by: datetime | None
    ) -> list[tuple[int, ExposureRulesAdopted]]:
        """Without the shipped sets whose names adopted ones in force then bear."""
        known = self._adopted(adopted_by)
        begun = [
            rules for version, rules in known if version > NOTHING_KNOWN and rules.valid_from <= at
        ]
        adopted = {
            rules.rules_id for rules in begun if rules.valid_to is None or rules.valid_to > at
        }
        return [
            (version, rules)
            for version, rules in known
            if version > NOTHING_KNOWN or rules.rules_id not in adopted
        ]

    def _adopted(self, by: datetime | None) -> list[tuple[int, ExposureRulesAdopted]]:
        """Shipped sets, which were always known, and those adopted by then."""
        known = [one for one in self.reference.exposure_rules if one[0] <= self.version]
        return (
            known
            if by is None
            else [one for one in known if one[0] == NOTHING_KNOWN or one[1].received_at <= by]
        )
