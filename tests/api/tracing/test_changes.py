"""The differences between an earlier answer and today's.

Links have moved, and merged, the people of the meetings since.
"""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from api.tracing.chains import Chains
from api.tracing.changes import Changes, changes_between
from api.tracing.contacts import Contact, Infectious

NOBODY_MOVED: dict[str, str] = {}
KNOWN = ("scan", "scan"), ("second", "second")
MEETINGS = st.lists(
    st.permutations("abcdef").map(lambda people: people[0] + people[1]), max_size=12
)
"""The first person of each two passes it on to the second."""
LINKS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefxyz"), max_size=4).filter(
    lambda links: links.keys().isdisjoint(links.values())
)
"""Each person turns out to be another; nobody becomes whom somebody else just ceased to be."""


def reached(meetings: Sequence[str], case: str = "a", depth: int = 3) -> set[str]:
    met = [
        Contact(who[0], who[1], "post:1", f"s{n}", f"c{n}", n, n, 0, *KNOWN, 0)
        for n, who in enumerate(meetings)
    ]
    chains = Chains(Infectious(case, 0, 100), 0)
    for _ in range(depth):
        infectious = [person.person_id for person in chains.infectious(limit=100)]
        chains.apply(contact for contact in met if contact.source_id in infectious)
    return set(chains.reached())


def test_an_answer_that_nothing_was_learnt_about_is_todays() -> None:
    assert changes_between(reached(["ab", "bc"]), reached(["ab", "bc"]), NOBODY_MOVED) == ([], [])


def test_who_is_led_to_no_longer_and_who_only_now_are_told_apart() -> None:
    assert changes_between(reached(["ab", "bc"]), reached(["ab", "bd"]), NOBODY_MOVED) == Changes(
        learnt=["d"], withdrawn=["c"]
    )


def test_a_contact_known_by_another_name_is_neither_learnt_nor_withdrawn() -> None:
    assert changes_between(reached(["ab"]), reached(["ax"]), {"b": "x"}) == ([], [])


def test_a_case_known_by_another_name_is_neither_learnt_nor_withdrawn() -> None:
    assert changes_between(reached(["ab"]), reached(["xb"], case="x"), {"a": "x"}) == ([], [])


def test_a_contact_who_turns_out_to_be_the_case_is_withdrawn() -> None:
    assert changes_between(reached(["ab", "ac"]), reached(["ac"]), {"b": "a"}) == Changes(
        learnt=[], withdrawn=["b"]
    )


def test_of_a_case_that_is_none_everybody_is_withdrawn() -> None:
    assert changes_between(reached(["ab", "bc"]), (), {"b": "x"}) == Changes(
        learnt=[], withdrawn=["b", "c"]
    )


def test_a_case_that_was_somebody_else_may_turn_out_to_be_a_contact() -> None:
    assert changes_between(reached(["ab"]), reached(["ba"], case="b"), NOBODY_MOVED) == Changes(
        learnt=["a"], withdrawn=["b"]
    )


@given(meetings=MEETINGS, links=LINKS)
def test_an_earlier_answer_with_what_is_told_beside_it_is_todays(
    meetings: list[str], links: dict[str, str]
) -> None:
    """People who meet only themselves, once that is known, have met nobody."""

    def today(person: str) -> str:
        return links.get(person, person)

    linked = [today(pair[0]) + today(pair[1]) for pair in meetings]
    then = reached(meetings)
    now = reached([pair for pair in linked if pair[0] != pair[1]], case=today("a"))
    changes = changes_between(then, now, links)
    retained = {today(person) for person in then - set(changes.withdrawn)}
    assert not any(today(person) in now for person in changes.withdrawn)
    assert retained | set(changes.learnt) == now
    assert retained.isdisjoint(changes.learnt)
