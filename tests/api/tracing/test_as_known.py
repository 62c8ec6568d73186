"""Traces as they would have been given earlier, against the brute-force tracer.

Links came late, changed and went, and households changed; the rows are those that the stages
themselves make.
"""

from dataclasses import replace
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract.events import (
    DocumentLinked,
    DocumentUnlinked,
    Event,
    ExposureRulesAdopted,
    PresenceReported,
)
from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.domain.exposure import QD_3638
from tests.api.tracing.brute_force import Living, Moved, Presence
from tests.api.tracing.expectations import answer_of, expected
from tests.api.tracing.minutes import at
from tests.api.tracing.random_worlds import in_all_worlds, in_some_worlds
from tests.api.tracing.worlds import PEOPLE, RULES, Stayed, Worlds
from tests.streams.people import PSEUDONYMS

pytestmark = pytest.mark.live

Linked = tuple[str, str | None, int]
"""A document, whose it is claimed to be, and the minute from which that is known.

None means that it is nobody's any more.
"""
NEAR = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(("post:1", "site:1", "vehicle:1")),
    st.integers(0, 4).map(lambda tens: 10 * tens),
    st.sampled_from((0, 20)),
    st.integers(0, 4),
    st.none(),
)
"""Stays so close that most meet: links and what is known when decide, not minutes."""
LINKS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.none() | st.sampled_from(PEOPLE), st.integers(0, 4)),
    max_size=6,
)
LIVING = st.lists(
    st.builds(
        Living,
        st.sampled_from(PEOPLE),
        st.sampled_from("12"),
        st.integers(0, 4),
        st.sampled_from((None, None, -30, 30)),
    ),
    min_size=2,
    max_size=8,
)


class LinkedWorld:
    """A world of documents that are named like people.

    Each has a person of its own, as long as no link says otherwise.
    """

    def __init__(self) -> None:
        self.world = uuid4().hex

    def document(self, name: str) -> DocumentKey:
        return DocumentKey(f"{name}{self.world[1:]}")

    def person(self, name: str) -> PersonId:
        return PSEUDONYMS.person_of(self.document(name))

    def presence(self, stay: Stayed) -> Presence:
        name, place, began, minutes, received, distance_m = stay
        return Presence(
            self.person(name),
            f"{place}-{self.world}",
            began,
            began + minutes,
            str(uuid4()),
            received,
            distance_m,
        )

    def reported(self, name: str, presence: Presence) -> PresenceReported:
        return PresenceReported(
            event_id=EventId(presence.presence_id),
            document_key=self.document(name),
            place=presence.place,
            began_at=at(presence.began),
            ended_at=at(presence.ended),
            distance_m=presence.distance_m,
            received_at=at(presence.received),
            submitted_by="tracer",
        )

    def link(self, claim: Linked) -> DocumentLinked | DocumentUnlinked:
        name, target, minute = claim
        key, cause = self.document(name), EventId(str(uuid4()))
        if target is None:
            return DocumentUnlinked(
                document_key=key,
                source="register",
                cause_id=cause,
                unlinked_at=at(-60),
                received_at=at(minute),
            )
        return DocumentLinked(
            document_key=key,
            document_kind="cmnd",
            document_number="1",
            person_id=self.person(target),
            source="register",
            registered=False,
            cause_id=cause,
            linked_at=at(-60),
            received_at=at(minute),
        )


WORLD = given(
    stays=st.lists(NEAR, min_size=2, max_size=10),
    links=LINKS,
    living=LIVING,
    order=st.randoms(use_true_random=False),
    depth=st.integers(1, 3),
    rules=st.sampled_from(RULES),
    known_at=st.none() | st.integers(0, 4),
)


def expect_the_earlier_answer(
    worlds: Worlds,
    stays: list[Stayed],
    links: list[Linked],
    living: list[Living],
    order: Random,
    depth: int,
    rules: ExposureRulesAdopted,
    known_at: int | None,
) -> None:
    """Links reach a document in the order in which they became known.

    Events come before, between and after them as it happens.
    """
    world, links = LinkedWorld(), sorted(links, key=lambda claim: claim[2])
    presences = [world.presence(stay) for stay in stays]
    events: list[Event] = [world.link(claim) for claim in links]
    for stay, presence in zip(stays, presences, strict=True):
        events.insert(order.randint(0, len(events)), world.reported(stay[0], presence))
    worlds.report(events)
    homes = [
        replace(member, person=world.person(member.person), home=f"{member.home}{world.world[1:]}")
        for member in living
    ]
    if homes:
        worlds.settle(homes)
    moved = list[Moved]()
    for name, target, minute in links:
        for stay, presence in zip(stays, presences, strict=True):
            if stay[0] == name:
                moved.append(Moved(presence.presence_id, world.person(target or name), minute))
    case = presences[0].person
    found = worlds.follow(case, 0, 240, depth, rules, known_at)
    assert answer_of(found) == expected(
        presences, case, 0, 240, depth, rules, known_at, homes, moved
    )


test_what_links_and_households_say_later_changes_no_earlier_answer = in_some_worlds(
    60, WORLD(expect_the_earlier_answer)
)
test_what_links_and_households_say_later_changes_no_earlier_answer_in_many_worlds = in_all_worlds(
    60, WORLD(expect_the_earlier_answer)
)


def test_a_person_is_known_by_the_pseudonym_of_the_time(worlds: Worlds) -> None:
    """The contact turns out to be b, then c, then nobody, then b again."""
    world = LinkedWorld()
    case = world.presence(("a", "post:1", 10, 0, 0, None))
    contact = world.presence(("d", "post:1", 12, 0, 1, None))
    claims: list[Linked] = [("d", "b", 2), ("d", "c", 4), ("d", None, 6), ("d", "b", 8)]
    links = [world.link(claim) for claim in claims]
    worlds.report([world.reported("a", case), world.reported("d", contact), *links])
    met = [
        set(worlds.follow(case.person, 0, 60, 1, QD_3638, known_at).people) - {case.person}
        for known_at in range(10)
    ]
    d, b, c = ({world.person(name)} for name in "dbc")
    assert met == [set(), d, b, b, c, c, d, d, b, b]


def test_a_presence_that_arrives_after_the_link_that_came_before_it_was_never_anybody_elses(
    worlds: Worlds,
) -> None:
    world = LinkedWorld()
    case = world.presence(("a", "post:1", 10, 0, 0, None))
    contact = world.presence(("d", "post:1", 12, 0, 5, None))
    worlds.report(
        [world.reported("a", case), world.link(("d", "b", 2)), world.reported("d", contact)]
    )
    met = [
        set(worlds.follow(case.person, 0, 60, 1, QD_3638, known_at).people) - {case.person}
        for known_at in (4, 5)
    ]
    assert met == [set(), {world.person("b")}]


def test_earlier_answers_outlast_the_merging_of_the_tables(worlds: Worlds) -> None:
    world = LinkedWorld()
    case = world.presence(("a", "post:1", 10, 0, 0, None))
    contact = world.presence(("d", "post:1", 12, 0, 1, None))
    worlds.report(
        [world.reported("a", case), world.reported("d", contact), world.link(("d", "b", 2))]
    )
    worlds.merge_parts()
    assert world.person("d") in worlds.follow(case.person, 0, 60, 1, QD_3638, known_at=1).people
    assert world.person("d") not in worlds.follow(case.person, 0, 60, 1, QD_3638, known_at=2).people
