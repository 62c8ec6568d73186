"""Forward traces on the real ClickHouse against the brute-force tracer, on random worlds.

Every edge, generation and exposure is compared.
"""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from api.tracing.contacts import MINUTE_MS, Contact
from api.tracing.responses import ms
from api.tracing.strongest_chains import strongest_chains
from api.tracing.trace_request import MilestoneIn
from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.exposure import CV_11042, QD_3638
from tests.api.tracing.brute_force import Living, Order
from tests.api.tracing.expectations import answer_of, evidence_for, expected
from tests.api.tracing.minutes import at
from tests.api.tracing.random_worlds import in_all_worlds, in_some_worlds
from tests.api.tracing.worlds import MINUTES, PEOPLE, RULES, STAY, Stayed, Worlds

pytestmark = pytest.mark.live


FORWARD = given(
    stays=st.lists(STAY, min_size=2, max_size=24),
    since=st.integers(-6, 24).map(lambda fives: 5 * fives),
    length=st.integers(1, 40).map(lambda fives: 5 * fives),
    depth=st.integers(1, 4),
    rules=st.sampled_from(RULES),
    known_at=st.none() | st.integers(0, 9),
    living=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from("12"), max_size=4),
    retracted=st.sets(st.integers(1, 23), max_size=3),
    merged=st.none() | st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    longer=st.none() | st.sampled_from((-20, 0, 30, 240)),
)


def expect_the_brute_force_tracer(
    worlds: Worlds,
    stays: list[Stayed],
    since: int,
    length: int,
    depth: int,
    rules: ExposureRulesAdopted,
    known_at: int | None,
    living: dict[str, str],
    retracted: set[int],
    merged: tuple[str, str] | None,
    longer: int | None,
) -> None:
    """Presences are withdrawn again (`retracted`), and contacts isolated `longer` than the case.

    `merged`: the first person turns out, by a later link, to be the second. `longer` is in minutes.
    """
    presences = worlds.write(stays)
    for number in sorted(retracted, reverse=True):
        if number < len(presences):
            worlds.delete(presences.pop(number))
    if merged:
        presences = worlds.merge(presences, *merged)
    world = presences[0].person[1:]
    homes = [Living(f"{person}{world}", f"{home}{world}") for person, home in living.items()]
    if homes:
        worlds.settle(homes)
    case, until = presences[0].person, since + length
    contacts_until = None if longer is None else until + longer
    isolated = None if contacts_until is None else at(contacts_until)
    found = worlds.follow(case, since, until, depth, rules, known_at, contacts_isolated_at=isolated)
    assert answer_of(found) == expected(
        presences, case, since, until, depth, rules, known_at, homes, contacts_until=contacts_until
    )
    chains = strongest_chains(found, int(rules.overlap_minutes * MINUTE_MS))
    assert set(chains) == set(found.people) - {case}
    for person, steps in chains.items():
        assert_a_chain_in_time(steps, person, found.people[person].generation)


test_every_edge_generation_and_exposure_is_the_brute_force_tracers = in_some_worlds(
    120, FORWARD(expect_the_brute_force_tracer)
)
test_every_edge_generation_and_exposure_is_the_brute_force_tracers_in_many_worlds = in_all_worlds(
    120, FORWARD(expect_the_brute_force_tracer)
)


WITH_ORDERS = given(
    stays=st.lists(STAY, min_size=8, max_size=24),
    until=st.integers(1, 30).map(lambda fives: 5 * fives),
    known_at=st.none() | st.integers(0, 9),
    living=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from("12"), max_size=4),
    orders=st.lists(
        st.tuples(
            st.sampled_from(PEOPLE),
            MINUTES,
            st.none() | st.integers(5, 300),
            st.integers(0, 9),
            st.booleans(),
        ),
        min_size=3,
        max_size=9,
    ),
    longer=st.none() | st.sampled_from((0, 60)),
)


def expect_isolated_contacts(
    worlds: Worlds,
    stays: list[Stayed],
    until: int,
    known_at: int | None,
    living: dict[str, str],
    orders: list[tuple[str, int, int | None, int, bool]],
    longer: int | None,
) -> None:
    """The case infects from half an hour on.

    `orders` has the person, the begin, the length in minutes, the minute of reception, and whether
    it is at home.
    """
    presences = worlds.write(stays)
    world = presences[0].person[1:]
    homes = [Living(f"{person}{world}", f"{home}{world}") for person, home in living.items()]
    if homes:
        worlds.settle(homes)
    ordered = [
        Order(f"{person}{world}", begins, length and begins + length, received, home)
        for person, begins, length, received, home in orders
    ]
    worlds.order(ordered)
    case, since, until = presences[0].person, 30, 30 + until
    contacts_until = None if longer is None else until + longer
    found = worlds.follow(
        case,
        since,
        until,
        3,
        QD_3638,
        known_at,
        contacts_isolated_at=None if longer is None else at(until + longer),
    )
    isolation: dict[str, Any] = {"orders": ordered, "contacts_until": contacts_until}
    assert answer_of(found) == expected(
        presences, case, since, until, 3, QD_3638, known_at, homes, **isolation
    )


test_contacts_infect_others_until_orders_isolate_them_as_the_brute_force_tracer_has_it = (
    in_some_worlds(60, WITH_ORDERS(expect_isolated_contacts))
)
test_contacts_infect_others_until_orders_isolate_them_in_many_worlds = in_all_worlds(
    60, WITH_ORDERS(expect_isolated_contacts)
)


def assert_a_chain_in_time(steps: list[Contact], person: str, generation: int) -> None:
    assert len(steps) == generation
    assert [step.source_id for step in steps[1:]] == [step.contact_id for step in steps[:-1]]
    assert steps[-1].contact_id == person
    assert all(later.met_to_ms >= earlier.met_from_ms for earlier, later in pairwise(steps))


@pytest.mark.parametrize(
    ("rules", "began", "minutes", "met"),
    [
        (CV_11042, 45, 60, True),  # together for the 15 minutes asked for
        (CV_11042, 46, 60, False),
        (QD_3638, 60, 60, True),  # b comes as a leaves
        (QD_3638, 61, 60, False),
        (QD_3638, 75, 0, True),  # a moment, a quarter of an hour after the stay
        (QD_3638, 76, 0, False),
    ],
)
def test_stays_at_the_exact_limit_count(
    worlds: Worlds, rules: ExposureRulesAdopted, began: int, minutes: int, met: bool
) -> None:
    a, b = worlds.write([("a", "site:1", 0, 60, 0), ("b", "site:1", began, minutes, 0)])
    assert (b.person in worlds.follow(a.person, 0, 240, 1, rules).people) is met


@pytest.mark.parametrize(("minutes", "rule"), [(30, "overlap_minutes"), (0, "apart_minutes")])
def test_a_contact_says_by_which_parameter_of_the_rules_it_counts(
    worlds: Worlds, minutes: int, rule: str
) -> None:
    a, b = worlds.write([("a", "site:1", 0, 60, 0), ("b", "site:1", 10, minutes, 0)])
    home = f"1{a.person[1:]}"
    worlds.settle([Living(a.person, home), Living(b.person, home)])
    evidence = evidence_for(worlds.follow(a.person, 0, 240, 1, QD_3638), b.person)
    assert {contact.rule for contact in evidence} == {rule, "households_count"}


def test_a_housemate_is_exposed_until_one_of_the_two_moves_out(worlds: Worlds) -> None:
    a, b = worlds.write([("a", "site:1", 0, 0, 0), ("b", "site:2", 0, 0, 0)])
    home = f"1{a.person[1:]}"
    worlds.settle([Living(a.person, home), Living(b.person, home, left=90)])
    (contact,) = evidence_for(worlds.follow(a.person, 30, 240, 1, QD_3638), b.person)
    assert (contact.met_from_ms, contact.met_to_ms) == (ms(at(30)), ms(at(90)))


def test_a_withdrawn_presence_leads_to_nobody(worlds: Worlds) -> None:
    presences = worlds.write([("a", "post:1", 10, 0, 0), ("b", "post:1", 12, 0, 0)])
    assert len(worlds.follow(presences[0].person, 0, 60, 1, QD_3638).people) == 2
    worlds.delete(presences[1])
    assert len(worlds.follow(presences[0].person, 0, 60, 1, QD_3638).people) == 1


def test_nobody_passes_on_what_they_have_not_caught_yet(worlds: Worlds) -> None:
    a, _, _, c = worlds.write(
        [
            ("a", "post:1", 60, 0, 0),
            ("b", "post:1", 60, 0, 0),
            ("b", "post:2", 10, 0, 0),
            ("c", "post:2", 10, 0, 0),
        ]
    )
    assert c.person not in worlds.follow(a.person, 0, 240, 2, QD_3638).people


def test_a_milestone_told_to_the_tracer_counts_in_this_trace_alone(worlds: Worlds) -> None:
    a, b = worlds.write([("a", "post:1", 10, 0, 0), ("b", "site:1", 100, 60, 0)])
    milestone = MilestoneIn(place=b.place, began_at=at(90), ended_at=at(120))
    assert b.person in worlds.follow(a.person, 0, 240, 1, QD_3638, milestones=[milestone]).people
    assert b.person not in worlds.follow(a.person, 0, 240, 1, QD_3638).people


def test_whoever_moved_out_before_the_period_is_no_contact_at_home_and_whoever_did_later_is(
    worlds: Worlds,
) -> None:
    presences = worlds.write([("a", "post:1", 10, 0, 0), ("b", "post:2", 10, 0, 0)])
    a, b = (presence.person for presence in presences)
    home = f"1{a[1:]}"
    both_at_home = [Living(a, home), Living(b, home)]
    gone = Living(b, home, known=30, left=30)
    worlds.settle(both_at_home)
    assert b in worlds.follow(a, 0, 60, 1, QD_3638).people
    assert b not in worlds.follow(a, 0, 60, 1, replace(QD_3638, households_count=False)).people
    worlds.settle([*both_at_home, gone])
    assert b in worlds.follow(a, 20, 60, 1, QD_3638).people
    assert b not in worlds.follow(a, 40, 60, 1, QD_3638).people
    assert b in worlds.follow(a, 40, 60, 1, QD_3638, known_at=20).people


def test_without_somebody_only_what_went_through_them_is_gone(worlds: Worlds) -> None:
    a, b, _, c, _, d = worlds.write(
        [
            ("a", "post:1", 10, 0, 0),
            ("b", "post:1", 10, 0, 0),
            ("b", "post:2", 30, 0, 0),
            ("c", "post:2", 30, 0, 0),
            ("a", "site:1", 50, 20, 0),
            ("d", "site:1", 50, 20, 0),
        ]
    )
    assert set(worlds.follow(a.person, 0, 240, 3, QD_3638).people) == {
        a.person,
        b.person,
        c.person,
        d.person,
    }
    assert set(worlds.follow(a.person, 0, 240, 3, QD_3638, without=[b.person]).people) == {
        a.person,
        d.person,
    }
