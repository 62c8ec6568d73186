"""Crowds on the real ClickHouse: their strongest contacts are listed, and the rest is counted."""

from itertools import pairwise

import pytest

from schemas.domain.exposure import QD_3638
from tests.api.tracing.brute_force import Living
from tests.api.tracing.expectations import contacts_of, evidence_for
from tests.api.tracing.worlds import Worlds

pytestmark = pytest.mark.live


def test_a_crowd_is_cut_after_the_strongest_and_the_rest_is_counted(worlds: Worlds) -> None:
    crowd = [("bcdef"[n % 5], "site:1", 0, n + 1, 0) for n in range(50)]
    presences = worlds.write([("a", "site:1", 0, 200, 0), *crowd])

    followed = worlds.answer(presences[0].person, most_per_stay=3)
    assert {contact.contact_presence_id for contact in contacts_of(followed.chains)} == {
        presence.presence_id for presence in presences[-3:]
    }
    assert [crowd.more for crowd in followed.crowds] == [47]


def test_a_crowd_is_cut_after_those_who_were_certainly_there_the_longest(worlds: Worlds) -> None:
    """The certain ones come first.

    A person known only to have been there some time that day comes after one known to have been
    there for ten minutes.
    """
    reported = [
        ("b", 10, "minute"),
        ("c", 240, "day"),
        ("d", 120, "hour"),
        ("e", 30, "minute"),
        ("f", 100, "hour"),
    ]
    presences = worlds.write(
        [
            ("a", "site:1", 0, 240, 0),
            *((who, "site:1", 0, minutes, 0, None, known) for who, minutes, known in reported),
        ]
    )
    listed = [
        set(worlds.answer(presences[0].person, most_per_stay=most).chains.people)
        for most in range(1, 6)
    ]
    added = [people - before for before, people in pairwise([{presences[0].person}, *listed])]
    assert ["".join(person[0] for person in new) for new in added] == ["d", "f", "e", "b", "c"]


def test_whoever_may_have_been_in_another_part_of_the_place_ranks_below_those_of_the_same_part(
    worlds: Worlds,
) -> None:
    """A person who was in another part is no contact, however long they were there."""
    reported = [
        ("b", "site:1", 240),
        ("c", "site:1/a", 5),
        ("d", "site:1/b", 240),
        ("e", "site:1/a/x", 240),
        ("f", "site:1/a", 10),
    ]
    presences = worlds.write(
        [
            ("a", "site:1/a", 0, 240, 0),
            *((who, place, 0, minutes, 0) for who, place, minutes in reported),
        ]
    )
    listed = [
        set(worlds.answer(presences[0].person, most_per_stay=most).chains.people)
        for most in range(1, 6)
    ]
    added = [people - before for before, people in pairwise([{presences[0].person}, *listed])]
    assert [*map(len, added)] == [1, 1, 1, 1, 0]
    first, second, *others = ["".join(person[0] for person in new) for new in added]
    assert (first, second, {*others}) == ("f", "c", {"b", "e", ""})


def test_a_contact_says_in_which_part_of_the_place_the_one_of_the_two_was(worlds: Worlds) -> None:
    a, b, c = worlds.write(
        [("a", "site:1/a", 0, 60, 0), ("b", "site:1", 0, 60, 0), ("c", "site:1/a/x", 0, 60, 0)]
    )
    chains = worlds.follow(a.person, 0, 240, 1, QD_3638)
    (met_b,), (met_c,) = (evidence_for(chains, met.person) for met in (b, c))
    assert (met_b.place, met_b.parts) == (b.place, (a.place, ""))
    assert (met_c.place, met_c.parts) == (a.place, ("", c.place))


def test_a_household_the_size_of_a_dormitory_is_cut_and_counted(worlds: Worlds) -> None:
    case = worlds.write([("a", "post:1", 10, 0, 0)])[0].person
    worlds.settle(
        [
            *(Living(f"{number:02x}{case[2:]}", f"1{case[1:]}") for number in range(50)),
            Living(case, f"1{case[1:]}"),
        ]
    )
    followed = worlds.answer(case, most_per_stay=20)
    assert len(followed.chains.reached()) == 20
    assert [crowd.more for crowd in followed.crowds] == [30]
