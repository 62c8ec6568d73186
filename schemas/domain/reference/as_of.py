"""Collects the facts of the topic `reference`, and answers as of a version of them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

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
from schemas.domain.in_force import Facts
from schemas.domain.places import parents
from schemas.domain.reference.exposure_rules import SHIPPED_VERSION, KnownExposureRules
from schemas.domain.reference.known import Longest, known_between
from schemas.domain.reference.permits import latest_permit
from schemas.domain.reference.policies import DEFAULT_POLICY
from schemas.domain.roads import node_of_checkpoint, shipped_checkpoints
from schemas.domain.trust import TrustList, TrustListAsOf

ReferenceKind = Literal["policies", "zones", "checkpoints", "permits"]
"""A kind of reference data that rules read; the others touch no rule."""
NOTHING_KNOWN = SHIPPED_VERSION
"""The version before the first record of the topic; what is shipped is known at it."""


@dataclass(slots=True)
class Reference:
    """Holds each fact with its version. It grows by `add`, in the order of the topic."""

    version: int = NOTHING_KNOWN
    zones: defaultdict[str, Facts[ZoneLevelDecided]] = field(
        default_factory=lambda: defaultdict(Facts)
    )
    checkpoints: defaultdict[str, Facts[CheckpointDescribed]] = field(
        default_factory=lambda: defaultdict(Facts)
    )
    policies: Facts[PolicyAdopted] = field(default_factory=Facts)
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
    newest: dict[ReferenceKind, int] = field(default_factory=dict)
    """Version of the newest fact of each kind that rules read."""
    longest_validity: Longest = field(
        default_factory=lambda: Longest(timedelta(hours=DEFAULT_POLICY.declaration_valid_hours)),
        compare=False,
    )
    longest_case: Longest = field(
        default_factory=lambda: Longest(timedelta(days=DEFAULT_POLICY.case_days)),
        compare=False,
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
                self.newest["zones"] = version
            case CheckpointDescribed():
                self.checkpoints[event.checkpoint_id].append((version, event))
                self.newest["checkpoints"] = version
            case PolicyAdopted():
                self.policies.append((version, event))
                self.newest["policies"] = version
                self.longest_validity.add(version, timedelta(hours=event.declaration_valid_hours))
                self.longest_case.add(version, timedelta(days=event.case_days))
                self.last_policy = None
            case ExposureRulesAdopted():
                self.exposure_rules.append((version, event))
            case VehiclePermitted():
                self._add_permit(version, event)
            case PermitsExtended():
                self.extensions.append((version, event))
                self.newest["permits"] = version
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
        self.newest["permits"] = version
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
            decided = zones[code].in_force(at, self.version)
            if decided:
                return decided
        return None

    def checkpoint(self, checkpoint_id: str, at: datetime) -> CheckpointDescribed | None:
        """Returns the description for the instant; where none holds, the shipped one if any."""
        facts = self.reference.checkpoints.get(checkpoint_id)
        described = facts.in_force(at, self.version) if facts else None
        return described or shipped_checkpoints().get(checkpoint_id)

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
        policy = self.reference.policies.in_force(at, self.version) or DEFAULT_POLICY
        self.reference.last_policy = (self.version, at, policy)
        return policy

    def policies(self) -> list[tuple[int, PolicyAdopted]]:
        """Returns every policy with the version it is known from, the built-in one first."""
        adopted = [known for known in self.reference.policies if known[0] <= self.version]
        return [(NOTHING_KNOWN, DEFAULT_POLICY), *adopted]

    def longest_validity(self) -> timedelta:
        """Returns for how long a declaration may count by any policy."""
        return self.reference.longest_validity.known_at(self.version)

    def longest_case_days(self) -> timedelta:
        """Returns for how long a case counts as met by any policy."""
        return self.reference.longest_case.known_at(self.version)

    def changed_since(self, since: int) -> bool:
        """Returns whether rules may find something else than by the version `since`."""
        newest = max(self.reference.newest.values(), default=NOTHING_KNOWN)
        return since < min(newest, self.version)

    def policies_since(self, since: int) -> list[PolicyAdopted]:
        """Returns the policies that became known after the version `since`."""
        return known_between(self.reference.policies, since, self.version)

    def zones_since(self, unit_code: str, since: int) -> list[ZoneLevelDecided]:
        """Returns the decisions on a place, or on what it is a part of, known after `since`."""
        decided: list[ZoneLevelDecided] = []
        for code in (unit_code, *parents(unit_code)):
            decided += known_between(self.reference.zones.get(code, ()), since, self.version)
        return decided

    def checkpoints_since(self, checkpoint_id: str, since: int) -> list[CheckpointDescribed]:
        """Returns the descriptions of a checkpoint that became known after the version `since`."""
        return known_between(self.reference.checkpoints.get(checkpoint_id, ()), since, self.version)

    def units_of_checkpoint(self, checkpoint_id: str) -> set[str]:
        """Returns the communes in which a checkpoint has ever been."""
        facts = self.reference.checkpoints.get(checkpoint_id, ())
        units = {described.unit_code for _, described in facts}
        if checkpoint_id in shipped_checkpoints():
            units.add(shipped_checkpoints()[checkpoint_id].unit_code)
        return units

    def permits_changed_since(self, key: str, since: int) -> bool:
        """Returns whether a permit changed that has this id, or names this vehicle."""
        if known_between(self.reference.extensions, since, self.version):
            return True
        ids = {key, *self.reference.permits_of_vehicle.get(key, ())}
        facts = [self.reference.permits.get(permit_id, ()) for permit_id in ids]
        return any(known_between(of_permit, since, self.version) for of_permit in facts)

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
