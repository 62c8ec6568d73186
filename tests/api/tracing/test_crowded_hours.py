"""Hours in which a place was too full are answered by a number, on the real ClickHouse."""

import pytest

from api.http.problems import Problem
from api.tracing.crowded_hours import NO_LIMIT, Crowded, people_in
from api.tracing.follow import Followed
from schemas.domain.exposure import QD_3638
from tests.api.tracing.minutes import at
from tests.api.tracing.tracer import Tracer
from tests.api.tracing.worlds import Worlds

FULL, ABOUT = 8_000, 0.2
"""People in a full hour, and how far a number from the sample may be off."""
FILL = """
INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, known_from, version,
    is_deleted)
SELECT lower(hex(sipHash128(number, {place:String}))), {began:DateTime64(3)},
    {ended:DateTime64(3)}, {place:String},
    reinterpretAsUUID(sipHash128(number, {place:String}, 'presence')), {began:DateTime64(3)},
    {version:Int64}, {is_deleted:UInt8}
FROM numbers({people:UInt64})
"""


def fill(
    worlds: Worlds,
    place: str,
    began: int,
    ended: int,
    *,
    people: int = FULL,
    version: int = -1,
    is_deleted: int = 0,
) -> None:
    """Lets a crowd be at the place, from minute to minute."""
    worlds.client.command(
        FILL,
        parameters={
            "place": place,
            "began": at(began),
            "ended": at(ended),
            "people": people,
            "version": version,
            "is_deleted": is_deleted,
        },
    )


def cut_off(followed: Followed, place: str) -> list[int]:
    return [crowd.more for crowd in followed.crowds if crowd.place == place]


def about(people: int) -> object:
    return pytest.approx(people, rel=ABOUT)


def test_crowded_hours_count_each_person_once() -> None:
    crowded = {
        ("site:1", 7): Crowded(present=900, came=500),
        ("site:1", 8): Crowded(present=1_000, came=200),
        ("site:2", 8): Crowded(present=5_000, came=5_000),
    }
    assert people_in(crowded, "site:1", range(5, 12)) == 900 + 200
    assert people_in(crowded, "site:1", range(8, 9)) == 1_000
    assert people_in(crowded, "site:3", range(5, 12)) == 0


@pytest.mark.live
def test_of_a_full_hour_nobody_is_listed_and_the_crowd_is_told(worlds: Worlds) -> None:
    case, other = worlds.write([("a", "site:1", 60, 30, 0), ("b", "site:1", 70, 30, 0)])
    fill(worlds, case.place, 60, 100)
    followed = worlds.answer(case.person)
    assert followed.chains.reached() == {}
    assert cut_off(followed, case.place) == [about(FULL)]
    assert [stay.place for stay in followed.stays] == [case.place]
    assert other.place == case.place


@pytest.mark.live
def test_the_other_hours_of_the_stay_are_listed(worlds: Worlds) -> None:
    case, early, late = worlds.write(
        [("a", "site:1", 0, 200, 0), ("b", "site:1", 10, 20, 0), ("c", "site:1", 190, 20, 0)]
    )
    fill(worlds, case.place, 65, 100)
    followed = worlds.answer(case.person)
    assert {*followed.chains.reached()} == {early.person, late.person}
    assert cut_off(followed, case.place) == [about(FULL)]


@pytest.mark.live
def test_rows_that_come_again_or_that_a_link_moves_count_once(worlds: Worlds) -> None:
    (case,) = worlds.write([("a", "post:1", 60, 0, 0)])
    fill(worlds, case.place, 60, 60)
    before = cut_off(worlds.answer(case.person), case.place)
    fill(worlds, case.place, 60, 60)
    fill(worlds, case.place, 60, 60, version=1, is_deleted=1)
    assert cut_off(worlds.answer(case.person), case.place) == before == [about(FULL)]


@pytest.mark.live
def test_people_of_a_full_place_are_counted_at_the_whole_of_which_it_is_a_part(
    worlds: Worlds,
) -> None:
    (case,) = worlds.write([("a", "site:1", 60, 30, 0)])
    fill(worlds, f"{case.place}/hall", 60, 100)
    assert cut_off(worlds.answer(case.person), case.place) == [about(FULL)]


@pytest.mark.live
def test_whoever_met_elsewhere_is_followed_beyond_a_full_place(worlds: Worlds) -> None:
    case, met, _, next_met = worlds.write(
        [
            ("a", "post:1", 60, 0, 0),
            ("b", "site:1", 90, 20, 0),
            ("a", "site:1", 90, 20, 0),
            ("c", "site:2", 130, 20, 0),
            ("b", "site:2", 130, 20, 0),
        ]
    )[:4]
    fill(worlds, case.place, 60, 60)
    chains = worlds.follow(case.person, 0, 240, 2, QD_3638)
    reached = {person: found.generation for person, found in chains.reached().items()}
    assert reached == {met.person: 1, next_met.person: 2}


@pytest.mark.live
def test_with_no_limit_the_strongest_of_a_full_hour_are_listed(worlds: Worlds) -> None:
    """So a backward trace finds known cases in a crowd."""
    case, other = worlds.write([("a", "site:1", 60, 60, 0), ("b", "site:1", 60, 60, 0)])
    fill(worlds, case.place, 60, 100)
    encounters = worlds.encounters(case.person, max_per_hour=NO_LIMIT)
    assert [contact.contact_id for contact in encounters.contacts][:1] == [other.person]
    assert [crowd.more for crowd in encounters.crowds] == [FULL + 1 - len(encounters.contacts)]


@pytest.mark.live
def test_a_question_that_takes_too_much_names_the_place(worlds: Worlds) -> None:
    case, _ = worlds.write([("a", "site:1", 60, 60, 0), ("a", "site:2", 60, 60, 0)])
    fill(worlds, case.place, 60, 100, people=20 * FULL)
    bounded = Tracer(worlds.settings.model_copy(update={"query_memory_max_mb": 10}))
    with pytest.raises(Problem) as raised:
        bounded.encounters(case.person, max_per_hour=NO_LIMIT)
    problem = raised.value
    assert (problem.status, problem.kind) == (503, "too-costly")
    assert problem.members == {"place": case.place}
    assert case.place in problem.detail
