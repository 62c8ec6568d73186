"""A rule says which reference data it reads: changes of other kinds are nothing to it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from schemas.contract.events import (
    CheckpointDescribed,
    PolicyAdopted,
    VehiclePermitted,
    ZoneLevelDecided,
)
from schemas.domain.reference import ReferenceAsOf, ReferenceKind
from streams.rules import RULES, Rule
from streams.rules.green_lane import GREEN_LANE
from streams.rules.history import History
from tests.streams.rules.generated import REFERENCE
from tests.streams.rules.test_touched import changed_by, sequences


@dataclass(frozen=True, slots=True)
class NotedReference(ReferenceAsOf):
    """Notes which kinds of facts are asked for."""

    kinds: set[ReferenceKind] = field(default_factory=set)

    def zone(self, unit_code: str, at: datetime) -> ZoneLevelDecided | None:
        self.kinds.add("zones")
        return ReferenceAsOf.zone(self, unit_code, at)

    def checkpoint(self, checkpoint_id: str, at: datetime) -> CheckpointDescribed | None:
        self.kinds.add("checkpoints")
        return ReferenceAsOf.checkpoint(self, checkpoint_id, at)

    def policy(self, at: datetime) -> PolicyAdopted:
        self.kinds.add("policies")
        return ReferenceAsOf.policy(self, at)

    def permit(self, permit_id: str) -> VehiclePermitted | None:
        self.kinds.add("permits")
        return ReferenceAsOf.permit(self, permit_id)

    def permits_of(self, vehicle_key: str) -> list[VehiclePermitted]:
        self.kinds.add("permits")
        return ReferenceAsOf.permits_of(self, vehicle_key)


def kinds_read(rule: Rule) -> set[ReferenceKind]:
    """Returns the kinds that the rule asked for while it judged the generated histories."""
    reference = NotedReference(REFERENCE.reference, REFERENCE.version)
    for steps in sequences():
        history = History()
        for entry, goes in steps:
            changed_by(history, entry, goes=goes)
        for entry, _ in steps:
            rule.judge(entry.entry_id, history, reference)
    return reference.kinds


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_reads_what_it_says(rule: Rule) -> None:
    assert kinds_read(rule) == rule.reads


def test_a_rule_that_says_too_little_is_caught() -> None:
    silent = replace(GREEN_LANE, reads=frozenset({"permits"}))
    assert kinds_read(silent) != silent.reads
