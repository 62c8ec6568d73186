"""Milestones and sources of a case, ranked against chance."""

import math

import pytest
from msgspec.structs import replace

from api.tracing.contacts import Contact, Crowd
from api.tracing.sources import (
    Milestone,
    could_infect,
    milestones,
    sources,
    surprise,
    with_cases_of_crowds,
)

EVERYBODY = 10_000
HUB, YARD = "site:hub", "site:yard"


def met(person: str, place: str, at: int = 100) -> Contact:
    return Contact(
        "me",
        person,
        place,
        f"my stay at {place}",
        f"{person} at {place}",
        at,
        at + 10,
        0,
        ("scan", "scan"),
    )


CROWD = [met(f"somebody {n}", HUB) for n in range(500)]
FEW = [met(f"neighbour {n}", YARD) for n in range(4)]
CASE_IN_THE_YARD, CASE_IN_THE_CROWD = met("ill one", YARD), met("ill other", HUB)
ALWAYS = [(0, 1_000)]
KNOWN = {"ill one": ALWAYS, "ill other": ALWAYS} | {f"ill elsewhere {n}": ALWAYS for n in range(98)}


def found(*contacts: Contact) -> list[Milestone]:
    return milestones(contacts, [], KNOWN, EVERYBODY)


def test_a_case_met_among_few_is_more_telling_than_one_met_in_a_crowd() -> None:
    yard, hub = found(*CROWD, *FEW, CASE_IN_THE_YARD, CASE_IN_THE_CROWD)
    assert (yard.place, yard.people, yard.cases) == (YARD, 5, ("ill one",))
    assert (hub.place, hub.people, hub.cases) == (HUB, 501, ("ill other",))
    assert yard.surprise > 1 > hub.surprise


def test_places_without_a_case_come_last_the_emptiest_first() -> None:
    assert [milestone.place for milestone in found(*CROWD, *FEW)] == [YARD, HUB]
    assert [milestone.surprise for milestone in found(*CROWD, *FEW)] == [0, 0]


def test_people_below_the_cut_make_a_place_no_emptier() -> None:
    cut = Crowd("me", YARD, f"my stay at {YARD}", 100, 700)
    assert milestones([*FEW, CASE_IN_THE_YARD], [cut], KNOWN, EVERYBODY)[0].people == 705


@pytest.mark.parametrize(
    ("period", "could"),
    [((0, 99), False), ((0, 100), True), ((110, 200), True), ((111, 200), False)],
)
def test_a_known_case_counts_while_it_could_infect(period: tuple[int, int], could: bool) -> None:
    assert could_infect(CASE_IN_THE_YARD, {"ill one": [(900, 950), period]}) is could


def test_whoever_may_have_been_at_the_stall_of_the_case_counts_for_its_stay_there() -> None:
    stall = f"{YARD}/stall-3"
    anywhere = replace(met("ill one", stall), place=YARD, parts=(stall, ""))
    (stay,) = found(
        met("somebody", stall), replace(anywhere, source_presence_id=f"my stay at {stall}")
    )
    assert (stay.place, stay.people, stay.cases) == (stall, 2, ("ill one",))


def test_a_meeting_that_is_known_only_by_its_day_stands_out_less() -> None:
    roughly = replace(met("somebody", YARD), granularity=("minute", "day"), uncertain_ms=30)
    exactly = met("neighbour", YARD)
    ranked = {
        source.person_id: source.rarity for source in sources([roughly, exactly], [], {}, EVERYBODY)
    }
    assert ranked["somebody"] == pytest.approx(ranked["neighbour"] / 4)


def test_a_place_is_as_full_as_it_was_however_few_are_listed() -> None:
    cut = Crowd("me", HUB, f"my stay at {HUB}", 100, 490)
    whole, *_ = sources(CROWD, [], {}, EVERYBODY)
    listed, *_ = sources(CROWD[:10], [cut], {}, EVERYBODY)
    assert listed.rarity == whole.rarity


def test_a_crowd_hides_no_known_case() -> None:
    listed = [*FEW, *CROWD[:10]]
    cut = Crowd("me", HUB, f"my stay at {HUB}", 100, 491)
    contacts, crowds = with_cases_of_crowds(listed, [cut], [*FEW, *CROWD, CASE_IN_THE_CROWD], KNOWN)
    assert contacts == [*listed, CASE_IN_THE_CROWD]
    assert crowds == [replace(cut, more=490)]
    assert sources(contacts, crowds, KNOWN, EVERYBODY)[0].person_id == "ill other"
    assert milestones(contacts, crowds, KNOWN, EVERYBODY)[0].people == 501
    earlier = {"ill other": [(0, 99)]}
    assert with_cases_of_crowds(listed, [cut], [*CROWD, CASE_IN_THE_CROWD], earlier) == (
        listed,
        [cut],
    )


def test_a_crowd_of_which_nobody_else_is_left_is_none() -> None:
    cut = Crowd("me", HUB, f"my stay at {HUB}", 100, 1)
    assert with_cases_of_crowds([], [cut], [CASE_IN_THE_CROWD], KNOWN) == ([CASE_IN_THE_CROWD], [])


def test_known_cases_go_before_others_and_rare_meetings_before_crowded_ones() -> None:
    ranked = sources(
        [*CROWD, *FEW, CASE_IN_THE_YARD, met("neighbour 0", HUB)], [], KNOWN, EVERYBODY
    )
    assert [source.person_id for source in ranked[:3]] == ["ill one", "neighbour 0", "neighbour 1"]
    assert ranked[0].known_case and not ranked[1].known_case
    assert ranked[1].rarity == pytest.approx(math.log2(EVERYBODY / 5) + math.log2(EVERYBODY / 501))


@pytest.mark.parametrize(
    ("cases", "expected", "exponent"),
    [
        (0, 0.5, 0),
        (1, 0.0, math.inf),
        (1, 0.01, -math.log10(1 - math.exp(-0.01))),
        (1, 5.0, 0.003),
        (3, 0.0001, 12.78),
    ],
)
def test_surprise_is_the_exponent_of_the_odds(cases: int, expected: float, exponent: float) -> None:
    if math.isinf(exponent):
        assert surprise(cases, expected) > 100
    else:
        assert surprise(cases, expected) == pytest.approx(exponent, abs=0.01)
