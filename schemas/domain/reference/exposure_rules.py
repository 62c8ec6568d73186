"""Sets of exposure rules as known at a version: the shipped ones, and those that were adopted.

Traces name a set, or ask for the one in force. With `adopted_by` a trace can be repeated as if no
set had been adopted later.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.in_force import in_force

LATEST = datetime.max.replace(tzinfo=UTC)
SHIPPED_VERSION = -1
"""Shipped sets have this version: they were always known."""
KnownSet = tuple[int, ExposureRulesAdopted]


class KnownExposureRules:
    """The sets known at one version.

    `adopted_by`, where given, leaves out sets that the doors received later.
    """

    def __init__(self, sets: Sequence[KnownSet], version: int, adopted_by: datetime | None) -> None:
        self._version = version
        self._known = [
            (known_at, rules)
            for known_at, rules in sets
            if known_at <= version and _adopted_by(known_at, rules, adopted_by)
        ]

    def by_name(self) -> dict[str, ExposureRulesAdopted]:
        """Returns every set, whenever it is in force; of one name, the last to take effect."""
        sets: dict[str, ExposureRulesAdopted] = {}
        for name in {rules.rules_id for _, rules in self._known}:
            rules = self.named(name, LATEST)
            if rules:
                sets[name] = rules
        return sets

    def named(self, rules_id: str, at: datetime) -> ExposureRulesAdopted | None:
        """Returns the set of that name for cases of that time, None for an unknown name.

        Before its first version takes effect, that first version is returned.
        """
        versions = [known for known in self._candidates(at) if known[1].rules_id == rules_id]
        begun = [known for known in versions if known[1].valid_from <= at]
        if begun:
            return max(begun, key=_last_to_take_effect)[1]
        if versions:
            return min(versions, key=_takes_effect)[1]
        return None

    def in_force(self, at: datetime) -> ExposureRulesAdopted | None:
        """Returns the set in force at an instant; None before the first one."""
        return in_force(self._candidates(at), at, self._version)

    def _candidates(self, at: datetime) -> list[KnownSet]:
        """Leaves out shipped sets whose names are borne by adopted ones in force then."""
        adopted = {
            rules.rules_id
            for known_at, rules in self._known
            if known_at > SHIPPED_VERSION and _holds(rules, at)
        }
        return [
            (known_at, rules)
            for known_at, rules in self._known
            if known_at > SHIPPED_VERSION or rules.rules_id not in adopted
        ]


def _adopted_by(known_at: int, rules: ExposureRulesAdopted, by: datetime | None) -> bool:
    return by is None or known_at == SHIPPED_VERSION or rules.received_at <= by


def _holds(rules: ExposureRulesAdopted, at: datetime) -> bool:
    return rules.valid_from <= at and (rules.valid_to is None or rules.valid_to > at)


def _last_to_take_effect(known: KnownSet) -> tuple[datetime, int]:
    known_at, rules = known
    return rules.valid_from, known_at


def _takes_effect(known: KnownSet) -> datetime:
    return known[1].valid_from
