"""What a rule says is touched is enough: judging only that, entry by entry, keeps what judging everything would find."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.domain.reference import Reference
from streams.rules import RULES, TOUCHED_BY, History
from streams.rules.entries import (
    Cancellation,
    Certificate,
    Dose,
    HealthTest,
    Journey,
    Judged,
    Match,
    Scan,
)
from streams.rules.history import Found
from tests.streams.people import CITY, COAST, NOON, NORTH, SOUTH, checkpoint, policy, zone

ENTRY_IDS, DOCUMENTS = ["a", "b", "c", "d", "e"], ["known card", "stranger's card"]
MATCHES = [
    Match(True, "equal", "equal", "equal"),
    Match(True, "different", "near", "equal"),
    Match(False, "unknown", "unknown", "unknown"),
]
ASKED: dict[str, Any] = {
    "test_required_levels": ["red"],
    "test_valid_hours": 24,
    "test_positive_days": 2,
    "dose_interval_least_days": 3,
}
MIXES = ["A + B"]
ASKED |= {"passages_allowed": ["yellow>red"], "way_back_declared": False}
POLICY = policy(
    {},
    declaration_valid_hours=48,
    dose_products_together=MIXES,
    valid_from=NOON - timedelta(days=400),
    **ASKED,
)
POSTS = (checkpoint(), NORTH, SOUTH)
CERTIFICATES = [
    None,
    Certificate("valid", "near", "equal"),
    Certificate("expired", "different", "equal"),
]

any_entry_id = st.sampled_from(ENTRY_IDS)
any_hour = (st.integers(-80, 80) | st.integers(-2, 2)).map(
    lambda hours: NOON + timedelta(hours=hours)
)
any_vehicle = st.sampled_from(["", "vehicle", "another"])
any_facts: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "document_key": st.sampled_from(DOCUMENTS),
        "revision": st.just(0),
        "reference_version": st.just(0),
        "match": st.sampled_from(MATCHES),
        "occurred_at": any_hour,
    }
)


@st.composite
def any_entry(draw: st.DrawFn) -> Judged:
    entry_id, facts = draw(any_entry_id), draw(any_facts)
    match draw(
        st.sampled_from(
            ["journey", "journey", "scan", "scan", "scan", "dose", "test", "cancellation"]
        )
    ):
        case "journey":
            places = draw(st.permutations([CITY, COAST]))
            return Journey(
                entry_id=f"journey {entry_id}",
                declaration_id=entry_id,
                origin_code=places[0],
                destination_code=places[1],
                departure_at=facts["occurred_at"],
                arrival_at=draw(st.none() | any_hour),
                transport_mode="car",
                symptoms=draw(st.booleans()),
                exposed=draw(st.booleans()),
                vehicle_key=draw(any_vehicle),
                replaces=draw(st.just("") | any_entry_id),
                **facts,
            )
        case "scan":
            return Scan(
                entry_id=f"scan {entry_id}",
                checkpoint_id=draw(st.sampled_from(POSTS)).checkpoint_id,
                direction="in",
                declaration_id=draw(st.none() | any_entry_id),
                vehicle_key=draw(any_vehicle),
                certificate=draw(st.sampled_from(CERTIFICATES)),
                code_key=draw(st.sampled_from(["", *DOCUMENTS])),
                code_fault=draw(st.sampled_from(["", "unreadable"])),
                **facts,
            )
        case "cancellation":
            return Cancellation(
                entry_id=f"cancellation {entry_id}", declaration_id=draw(any_entry_id), **facts
            )
        case "test":
            return HealthTest(entry_id=f"test {entry_id}", positive=draw(st.booleans()), **facts)
    administered_on = date(2021, 8, draw(st.integers(1, 4)))
    facts |= {
        "product": draw(st.sampled_from("ABC")),
        "facility": draw(st.sampled_from(["", "here", "there"])),
    }
    facts |= {"before_birth": draw(st.booleans()), "after_death": draw(st.booleans())}
    return Dose(
        entry_id=f"dose {entry_id}",
        dose_number=draw(st.integers(1, 3)),
        administered_on=administered_on,
        **facts,
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(any_entry(), st.booleans()), max_size=25))
def test_judging_what_is_touched_keeps_what_judging_everything_finds(
    steps: list[tuple[Judged, bool]],
) -> None:
    known = Reference()
    known.add(0, checkpoint())
    known.add(1, NORTH)
    known.add(2, SOUTH)
    known.add(3, zone(COAST, "red", NOON - timedelta(hours=9), NOON + timedelta(hours=9)))
    known.add(4, POLICY)
    known.add(5, zone(CITY, "yellow", NOON - timedelta(hours=9), NOON + timedelta(hours=9)))
    reference, history = known.as_of(5), History()
    kept: dict[tuple[str, str], Found] = {}
    subjects = {*DOCUMENTS, *(entry.entry_id for entry, _ in steps)}
    for entry, goes in steps:
        before = history.of_kind(type(entry)).pop(entry.entry_id, None)
        if not goes:
            history.keep(entry)
        changed = [one for one in (before, entry) if one is not None]
        touched = {
            (rule, subject)
            for one in changed
            for rule, touch in TOUCHED_BY[type(one)]
            for subject in touch(one, history)
        }
        for rule, subject in touched:
            kept.pop((rule.name, subject), None)
            if found := rule.judge(subject, history, reference):
                kept[rule.name, subject] = found
        everything = {
            (rule.name, subject): rule.judge(subject, history, reference)
            for rule in RULES
            for subject in subjects
        }
        assert kept == {key: found for key, found in everything.items() if found}
