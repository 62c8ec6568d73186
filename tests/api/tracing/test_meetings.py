"""The shortest chains between two people, against the brute-force tracer's generations.

The generations are from either of the two.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tracing import meetings
from api.tracing.contacts import Contact
from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.exposure import QD_3638
from tests.api.tracing.brute_force import Living
from tests.api.tracing.expectations import expected
from tests.api.tracing.random_worlds import in_all_worlds, in_some_worlds
from tests.api.tracing.worlds import PEOPLE, RULES, STAY, Stayed, Worlds

pytestmark = pytest.mark.live


WORLD = given(
    stays=st.lists(STAY, min_size=2, max_size=24),
    since=st.integers(-6, 24).map(lambda fives: 5 * fives),
    length=st.integers(1, 40).map(lambda fives: 5 * fives),
    rules=st.sampled_from(RULES),
    living=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from("12"), max_size=3),
)


def expect_shortest_ways(
    worlds: Worlds,
    stays: list[Stayed],
    since: int,
    length: int,
    rules: ExposureRulesAdopted,
    living: dict[str, str],
) -> None:
    presences = worlds.write(stays)
    people = list(dict.fromkeys(presence.person for presence in presences))
    if len(people) < 2:
        return
    homes = [
        Living(f"{person}{people[0][1:]}", f"{home}{people[0][1:]}")
        for person, home in living.items()
    ]
    if homes:
        worlds.settle(homes)
    first, last = people[0], people[-1]
    until = since + length
    forward, backward, complete = worlds.chains_between(first, last, since, until, rules)
    assert complete
    for chain, origin, end in ((forward, first, last), (backward, last, first)):
        answer = expected(presences, origin, since, until, 4, rules, living=homes)
        assert len(chain) == answer.generation.get(end, 0)
        assert ends_of(chain) == ([] if not chain else [origin, end])


test_a_way_is_as_short_as_it_can_be_in_time_order_both_ways = in_some_worlds(
    80, WORLD(expect_shortest_ways)
)
test_a_way_is_as_short_as_it_can_be_in_time_order_both_ways_in_many_worlds = in_all_worlds(
    80, WORLD(expect_shortest_ways)
)


def test_a_way_found_says_that_a_crowd_may_hide_a_shorter_one(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third person leads from one to the other.

    The two met each other too, but the market's crowd does not list that.
    """
    monkeypatch.setattr(meetings, "MAX_PER_STAY", 1)
    presences = worlds.write(
        [("a", "site:1", 0, 58, 0), ("b", "site:1", 55, 60, 0), ("c", "site:1", 0, 60, 0)]
    )
    a, b, _ = (presence.person for presence in presences)
    forward, back, complete = worlds.chains_between(a, b, 0, 240, QD_3638)
    assert (len(forward), len(back), complete) == (2, 2, False)
    monkeypatch.setattr(meetings, "MAX_PER_STAY", 2)
    forward, back, complete = worlds.chains_between(a, b, 0, 240, QD_3638)
    assert (len(forward), len(back), complete) == (1, 1, True)


def ends_of(chain: list[Contact]) -> list[str]:
    """Returns the two people whom it connects, step by step."""
    assert all(before.contact_id == after.source_id for before, after in pairwise(chain))
    return [chain[0].source_id, chain[-1].contact_id] if chain else []


def test_a_way_of_four_steps_is_found_from_both_ends_and_none_of_five(worlds: Worlds) -> None:
    stays = list[Stayed]()
    for number, pair in enumerate(("ab", "bc", "cd", "de", "ef")):
        stays += meeting(pair, number)
    person = {presence.person[0]: presence.person for presence in worlds.write(stays)}
    forward, backward, _ = worlds.chains_between(person["a"], person["e"], 0, 240, QD_3638)
    assert [step.contact_id[0] for step in forward] == list("bcde")
    assert backward == []
    assert worlds.chains_between(person["a"], person["f"], 0, 240, QD_3638)[0] == []


def meeting(pair: str, number: int) -> list[Stayed]:
    """Returns a meeting at a place of its own, an hour later than that of the number before."""
    return [(person, f"site:{number}", 60 * number, 20, 0) for person in pair]
