"""The shortest ways between two people, against the brute-force tracer's generations from either of them."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.tracing import meetings
from api.tracing.contacts import Contact
from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.exposure import QD_3638
from tests.api.tracing.brute_force import Living
from tests.api.tracing.worlds import PEOPLE, RULES, STAY, Stayed, Worlds, expected

pytestmark = pytest.mark.live


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(
    stays=st.lists(STAY, min_size=2, max_size=24),
    since=st.integers(-6, 24).map(lambda fives: 5 * fives),
    length=st.integers(1, 40).map(lambda fives: 5 * fives),
    rules=st.sampled_from(RULES),
    living=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from("12"), max_size=3),
)
def test_a_way_is_as_short_as_it_can_be_in_time_order_both_ways(
    worlds: Worlds,
    stays: list[Stayed],
    since: int,
    length: int,
    rules: ExposureRulesAdopted,
    living: dict[str, str],
) -> None:
    presences = worlds.write(stays)
    people = list(dict.fromkeys(one.person for one in presences))
    if len(people) < 2:
        return
    homes = [
        Living(f"{person}{people[0][1:]}", f"{home}{people[0][1:]}")
        for person, home in living.items()
    ]
    if homes:
        worlds.settle(homes)
    one, other = people[0], people[-1]
    forward, backward, complete = worlds.ways(one, other, since, since + length, rules)
    assert complete
    for way, origin, end in ((forward, one, other), (backward, other, one)):
        generations = expected(
            presences, origin, since, since + length, 4, rules, living=homes
        ).generation
        assert len(way) == generations.get(end, 0)
        assert ends_of(way) == ([] if not way else [origin, end])


def test_a_way_found_says_that_a_crowd_may_hide_a_shorter_one(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two met each other too, but only below the cut of the market; a third person leads from one to the other."""
    monkeypatch.setattr(meetings, "PER_STAY_MOST", 1)
    a, b, _ = (
        one.person
        for one in worlds.write(
            [("a", "site:1", 0, 58, 0), ("b", "site:1", 55, 60, 0), ("c", "site:1", 0, 60, 0)]
        )
    )
    there, back, complete = worlds.ways(a, b, 0, 240, QD_3638)
    assert (len(there), len(back), complete) == (2, 2, False)
    monkeypatch.setattr(meetings, "PER_STAY_MOST", 2)
    there, back, complete = worlds.ways(a, b, 0, 240, QD_3638)
    assert (len(there), len(back), complete) == (1, 1, True)


def ends_of(way: list[Contact]) -> list[str]:
    """Whom it connects, step by step."""
    assert all(before.contact_id == after.source_id for before, after in pairwise(way))
    return [way[0].source_id, way[-1].contact_id] if way else []


def test_a_way_of_four_steps_is_found_from_both_ends_and_none_of_five(worlds: Worlds) -> None:
    chain = [
        step for n, pair in enumerate(("ab", "bc", "cd", "de", "ef")) for step in meeting(pair, n)
    ]
    presences = worlds.write(chain)
    person = {one.person[0]: one.person for one in presences}
    forward, backward, _ = worlds.ways(person["a"], person["e"], 0, 240, QD_3638)
    assert [step.contact_id[0] for step in forward] == list("bcde")
    assert backward == []
    assert worlds.ways(person["a"], person["f"], 0, 240, QD_3638)[0] == []


def meeting(pair: str, number: int) -> list[Stayed]:
    """An hour later each, at a place of its own."""
    return [(person, f"site:{number}", 60 * number, 20, 0) for person in pair]
