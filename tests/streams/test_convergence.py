"""The same facts end in the same flags: whatever their order, however often something arrives.

Everything rests on this.
"""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contract.events import DoorEvent
from streams.rules import RULES, Rule
from tests.streams.facts import EXPECTED, FACTS, GONE, NEWCOMER, STRANGER, settled
from tests.streams.people import (
    HOA_CCCD,
    PSEUDONYMS,
)


@settings(max_examples=150, deadline=None)
@given(
    facts=st.permutations(FACTS),
    repeats=st.lists(st.sampled_from(FACTS), max_size=6),
    register_after=st.integers(0, len(FACTS)),
    batch=st.sampled_from([1, 3, 100]),
)
def test_any_order_any_repetition_any_batching_ends_in_the_same_open_flags(
    facts: list[DoorEvent], repeats: list[DoorEvent], register_after: int, batch: int
) -> None:
    path = settled([*facts, *repeats], register_after, batch)
    assert path.open_flags() == EXPECTED.open_flags()
    assert path.entries_of_people() == EXPECTED.entries_of_people()


@settings(max_examples=60, deadline=None)
@given(facts=st.permutations(FACTS), batch=st.sampled_from([1, 100]))
def test_every_scan_gets_one_verdict_whatever_the_order(facts: list[DoorEvent], batch: int) -> None:
    path = settled(facts, 4, batch)
    scans = sorted(fact.event_id for fact in FACTS if hasattr(fact, "scanned_at"))
    assert sorted(verdict.scan_id for verdict in path.topics["verdicts"]) == scans  # type: ignore[union-attr] # verdicts only


def test_a_flag_names_reasons_of_its_rule_only() -> None:
    of_rule = {rule.name: set(rule.reasons) for rule in RULES}
    assert all(
        set(reasons) <= of_rule[rule] for rule, _, _, reasons, _ in EXPECTED.open_flags().values()
    )


def test_the_facts_exercise_every_rule_so_that_the_property_says_something() -> None:
    assert rules_not_exercised(RULES) == []


def test_a_rule_that_no_fact_exercises_is_named() -> None:
    assert rules_not_exercised((*RULES, replace(RULES[0], name="unheard_of"))) == ["unheard_of"]


def rules_not_exercised(rules: Iterable[Rule]) -> list[str]:
    raised = {rule for rule, _ in EXPECTED.rules_found()}
    return [rule.name for rule in rules if rule.name not in raised]


def test_two_numbers_of_one_person_end_at_one_person() -> None:
    people = EXPECTED.entries_of_people()
    hoa = people[PSEUDONYMS.person(HOA_CCCD.number)]
    assert len(hoa) == len(FACTS) - 4
    others = {
        PSEUDONYMS.person_of(PSEUDONYMS.document(other)) for other in (STRANGER, NEWCOMER, GONE)
    }
    assert set(people) == {PSEUDONYMS.person(HOA_CCCD.number), *others}
