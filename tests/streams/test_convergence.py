"""What everything rests on: whatever the order of arrival, however often something arrives, the same facts end in the same flags."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contract.events import DoorEvent
from schemas.contract.terms import RemovalReason
from schemas.domain.documents import Document, DocumentKind
from streams.rules import RULES, Rule
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    HOA_CCCD,
    HOA_CMND,
    NOON,
    NORTH,
    PSEUDONYMS,
    SOUTH,
    cancellation,
    case,
    certificate,
    checkpoint,
    citizen,
    declaration,
    declaration_id,
    dose,
    health_test,
    order,
    policy,
    removal,
    scan,
    zone,
)

FORM = Document(DocumentKind.PAPER_FORM, "PF2100001230")
STRANGER = Document(DocumentKind.PASSPORT, "B1234567")
GONE = Document(DocumentKind.CCCD, "051085000778")
NEWCOMER = Document(DocumentKind.CCCD, "051085000777")
FORM_KEY = PSEUDONYMS.document(FORM)

FACTS: tuple[DoorEvent, ...] = (
    declaration("by cccd", at=NOON),
    declaration(
        "by cmnd, other name", HOA_CMND, NOON + timedelta(hours=2), full_name="Trần Văn Bình"
    ),
    declaration(
        "by cmnd, on paper",
        HOA_CMND,
        NOON - timedelta(days=4),
        paper_serial=FORM.number,
        paper_key=FORM_KEY,
    ),
    declaration(
        "by cccd, long arrived", at=NOON + timedelta(hours=3), arrival_at=NOON + timedelta(hours=5)
    ),
    declaration(
        "by cmnd, ill", HOA_CMND, NOON - timedelta(hours=5), symptoms=["fever"], exposed=True
    ),
    declaration("by stranger", STRANGER, NOON, origin_code=COAST, destination_code=CITY),
    declaration("by cccd, from elsewhere", at=NOON + timedelta(hours=3), permanent_code=CITY),
    declaration("by a number of a man born in 1985", NEWCOMER, NOON),
    cancellation("by cccd, cancelled", at=NOON + timedelta(hours=8)),
    declaration("by cccd, cancelled", at=NOON + timedelta(hours=7), vehicle_key="a" * 32),
    scan("by cccd", at=NOON + timedelta(hours=1)),
    scan(
        "by code",
        at=NOON + timedelta(hours=9),
        declaration_id=declaration_id("by cccd, cancelled"),
        vehicle_key="b" * 32,
    ),
    scan("in the green lane", at=NOON + timedelta(hours=2), green_lane=True, vehicle_key="c" * 32),
    scan("by another vehicle", at=NOON + timedelta(hours=7, minutes=30), vehicle_key="b" * 32),
    scan("by cmnd", HOA_CMND, NOON + timedelta(days=5)),
    scan("by form", FORM, NOON - timedelta(days=3), shown_kind="paper_serial"),
    scan(
        "by card",
        at=NOON + timedelta(hours=3),
        shown_kind="card_qr",
        full_name="Nguyễn Thị Hoà",
        linked_kind="cmnd",
        linked_number=HOA_CMND.number,
        linked_key=PSEUDONYMS.document(HOA_CMND),
    ),
    scan("at the border", at=NOON + timedelta(hours=8), checkpoint_id=NORTH.checkpoint_id),
    scan(
        "south of the city, too soon",
        at=NOON + timedelta(hours=8, minutes=5),
        checkpoint_id=SOUTH.checkpoint_id,
    ),
    scan(
        "south of the city, in time",
        at=NOON + timedelta(hours=9),
        checkpoint_id=SOUTH.checkpoint_id,
    ),
    scan(
        "by another's code",
        at=NOON + timedelta(hours=3),
        code_key="e" * 32,
        declaration_id=declaration_id("by stranger"),
    ),
    scan(
        "by ones other code",
        HOA_CMND,
        code_key=PSEUDONYMS.document(HOA_CCCD),
        declaration_id=declaration_id("by cccd"),
    ),
    scan("by a forged code", at=NOON + timedelta(hours=2), code_fault="key_unknown"),
    scan(
        "with another's certificate",
        at=NOON + timedelta(hours=2),
        **certificate("valid", name="TRAN THI MAI"),
    ),
    scan(
        "with an expired certificate", HOA_CMND, NOON + timedelta(hours=4), **certificate("expired")
    ),
    scan("by stranger", STRANGER, NOON + timedelta(hours=1)),
    case("ill", at=NOON + timedelta(days=4)),
    case(
        "ill, as it turned out earlier",
        at=NOON + timedelta(days=6),
        onset_at=NOON + timedelta(hours=2),
    ),
    order("home", HOA_CMND, NOON + timedelta(hours=8), ends_at=NOON + timedelta(days=4)),
    order(
        "home longer",
        at=NOON + timedelta(days=3),
        begins_at=NOON + timedelta(hours=8),
        ends_at=NOON + timedelta(days=14),
    ),
    health_test("by cccd, too old", "negative", NOON - timedelta(days=4)),
    health_test("by cmnd, positive", "positive", NOON + timedelta(days=2), HOA_CMND),
    dose(
        "after death",
        1,
        date(2021, 9, 16),
        GONE,
        full_name="Lê Văn Tám",
        birth_date="1985",
        sex="male",
    ),
    dose("second dose", 2, date(2021, 8, 1)),
    dose("first dose, later", 1, date(2021, 9, 1)),
    dose("dose by cmnd, other birth date", 1, date(2021, 8, 2), HOA_CMND, birth_date="1971"),
)
REGISTER = (
    citizen(permanent_code=COAST),
    citizen("051171000456", cmnd=None, full_name="Trần Thị Bình"),
    citizen(GONE.number, cmnd=None, full_name="Lê Văn Tám", birth_date="1985", sex="male"),
    removal(GONE.number, NOON - timedelta(hours=12), "deceased"),
)


def path_with_zones(batch: int) -> MemoryPath:
    path = MemoryPath(batch=batch)
    path.decide(
        checkpoint(),
        NORTH,
        SOUTH,
        zone(COAST, "red", NOON - timedelta(hours=1), NOON + timedelta(hours=6)),
    )
    path.decide(policy({}, test_required_levels=["red"], valid_from=NOON - timedelta(days=300)))
    return path


def settled(facts: list[DoorEvent], register_after: int, batch: int) -> MemoryPath:
    """Feeds the facts; the register becomes known after so many of them."""
    path = path_with_zones(batch)
    path.feed(facts[:register_after])
    path.record(REGISTER)
    path.feed_links()
    path.feed(facts[register_after:])
    path.feed_links()
    return path


EXPECTED = settled(list(FACTS), 0, 1)


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


def test_a_corrected_register_row_clears_what_it_explains() -> None:
    path = MemoryPath()
    path.record([citizen(full_name="Nguyễn Thị Hiền")])
    path.feed_links()
    said = declaration("said Hòa")
    path.feed([said])
    assert ("identity_mismatch", said.event_id) in path.rules_found()
    path.record([citizen(full_name="Nguyễn Thị Hòa")])
    path.feed_links()
    assert path.rules_found() == set()


@pytest.mark.parametrize("later", ["dropped by the row of the one", "removed with the one"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_number_corrected_from_one_person_to_another_is_the_others_whichever_row_comes_first(
    order: tuple[int, int], later: str
) -> None:
    """The second row is another person's, who holds the number now; the rows of two people are on different partitions."""
    path, other, day = MemoryPath(), "051190000456", timedelta(days=1)
    path.record([citizen()])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    gone = (
        removal(HOA_CCCD.number, NOON + day, "moved_away")
        if later.startswith("removed")
        else citizen(cmnd=None, recorded_at=NOON + day)
    )
    rows = [citizen(other, recorded_at=NOON + day), gone]
    for place in order:
        path.record([rows[place]])
        path.feed_links()
    assert path.entries_of_people()[PSEUDONYMS.person(other)] == {shown.event_id}


@pytest.mark.parametrize("reason", ["deceased", "moved_away"])
def test_whoever_the_register_no_longer_has_since_they_died_or_moved_keeps_what_they_did(
    reason: RemovalReason,
) -> None:
    """A case that has died is still traced by the number it showed."""
    path, day = MemoryPath(), timedelta(days=1)
    path.record([citizen()])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    path.record([removal(HOA_CCCD.number, NOON + day, reason)])
    path.feed_links()
    later = scan("by old number again", HOA_CMND, NOON + day)
    path.feed([later])
    assert path.entries_of_people() == {
        PSEUDONYMS.person(HOA_CCCD.number): {shown.event_id, later.event_id}
    }
    assert ("unknown_document", PSEUDONYMS.document(HOA_CMND)) in path.rules_found()


def test_a_number_that_two_people_held_stays_with_the_one_when_the_other_gives_it_up() -> None:
    path, other, day = MemoryPath(), "051190000456", timedelta(days=1)
    path.record([citizen(), citizen(other)])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    assert path.entries_of_people() == {PSEUDONYMS.person(other): {shown.event_id}}
    path.record([citizen(other, cmnd=None, recorded_at=NOON + day)])
    path.feed_links()
    assert path.entries_of_people() == {PSEUDONYMS.person(HOA_CCCD.number): {shown.event_id}}


def test_a_document_that_changes_hands_takes_its_history_along() -> None:
    path = MemoryPath()
    path.record([citizen(cmnd=None)])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    own = PSEUDONYMS.person_of(PSEUDONYMS.document(HOA_CMND))
    assert path.entries_of_people() == {own: {shown.event_id}}
    path.record([citizen()])
    path.feed_links()
    assert path.entries_of_people() == {PSEUDONYMS.person(HOA_CCCD.number): {shown.event_id}}
    path.record([citizen(cmnd=None)])
    path.feed_links()
    assert path.entries_of_people() == {own: {shown.event_id}}
