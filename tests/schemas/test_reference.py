"""Reference data with both of its times.

Every answer, at an instant and as known at a version, is what painting the facts known then over a
calendar gives.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.contract.events import (
    CheckpointDescribed,
    ExposureRulesAdopted,
    PolicyAdopted,
    ReferenceEvent,
    ZoneLevelDecided,
)
from schemas.contract.terms import ZoneLevel
from schemas.domain.exposure import QD_3638
from schemas.domain.reference import DEFAULT_POLICY, NOTHING_KNOWN, ReferenceAsOf
from schemas.domain.roads import shipped_checkpoints
from tests.schemas.reference_facts import (
    ABOVE,
    COMMUNE,
    DISTRICT,
    ELSEWHERE,
    PROVINCE,
    checkpoint,
    exposure_rules,
    hour,
    policy,
    reference_of,
    zone,
)

PLACES = (*ABOVE, "522")
POSTS = ("binh-de", "sa-huynh")
HOURS = range(-1, 8)
"""Facts take effect and end within these hours; answers are compared at each of them."""
TIMES = [hour(number) for number in HOURS]

Known = Mapping[int, ReferenceEvent]
"""Facts by their version. Offsets of the topic have gaps: poison has one, too."""
Answers = list[object]
F = TypeVar("F", ZoneLevelDecided, CheckpointDescribed, PolicyAdopted, ExposureRulesAdopted)

UNITS = st.sampled_from(PLACES)
LEVELS = st.sampled_from(["green", "yellow", "orange", "red"])
BEGINS, ENDS = st.integers(0, 5), st.none() | st.integers(1, 6)
FACTS: st.SearchStrategy[ReferenceEvent] = st.one_of(
    st.builds(zone, UNITS, LEVELS, BEGINS, ENDS),
    st.builds(checkpoint, st.sampled_from(POSTS), UNITS, BEGINS, ENDS),
    st.builds(policy, st.sampled_from([24, 48, 72]), BEGINS, ENDS),
    st.builds(
        exposure_rules, st.sampled_from(["QD-3638", "QD-1"]), st.integers(0, 30), BEGINS, ENDS
    ),
)
KNOWN: st.SearchStrategy[Known] = st.lists(st.tuples(st.integers(1, 3), FACTS), max_size=12).map(
    lambda steps: dict(
        zip(accumulate(step for step, _ in steps), (fact for _, fact in steps), strict=True)
    )
)


def answers(known: ReferenceAsOf) -> Answers:
    """Returns every answer at every hour."""
    levels = [known.zone_level(unit_code, at) for unit_code in ABOVE for at in TIMES]
    posts = [known.checkpoint(checkpoint_id, at) for checkpoint_id in POSTS for at in TIMES]
    policies = [known.policy(at) for at in TIMES]
    rules = [known.exposure_rules_at(at) for at in TIMES]
    return [*levels, *posts, *policies, *rules]


def painted_answers(known: Known, version: int) -> Answers:
    """Returns the same from calendars over which the facts known at the version were painted."""
    facts = [fact for known_at, fact in sorted(known.items()) if known_at <= version]
    rules = painted([fact for fact in facts if isinstance(fact, ExposureRulesAdopted)])
    policies = painted([fact for fact in facts if isinstance(fact, PolicyAdopted)])
    return [
        *painted_levels(facts),
        *painted_checkpoints(facts),
        *(policies.get(number, DEFAULT_POLICY) for number in HOURS),
        *(rules.get(number, QD_3638) for number in HOURS),
    ]


def painted_levels(facts: Sequence[ReferenceEvent]) -> Answers:
    decided = [fact for fact in facts if isinstance(fact, ZoneLevelDecided)]
    zones = {code: painted([fact for fact in decided if fact.unit_code == code]) for code in PLACES}
    levels: Answers = []
    for code, above in ABOVE.items():
        for number in HOURS:
            levels.append(nearest([zones[unit].get(number) for unit in (code, *above)]))
    return levels


def painted_checkpoints(facts: Sequence[ReferenceEvent]) -> Answers:
    described = [fact for fact in facts if isinstance(fact, CheckpointDescribed)]
    checkpoints: Answers = []
    for name in POSTS:
        calendar = painted([fact for fact in described if fact.checkpoint_id == name])
        undescribed = shipped_checkpoints().get(name)
        checkpoints += [calendar.get(number, undescribed) for number in HOURS]
    return checkpoints


def painted(facts: Sequence[F]) -> dict[int, F]:
    """Returns the fact of each hour.

    Each is painted over those that begin before it, and over those that begin with it and were
    known before.
    """
    calendar: dict[int, F] = {}
    for begin in HOURS:
        for fact in facts:
            if fact.valid_from == hour(begin):
                calendar |= {number: fact for number in HOURS if holds(fact, number)}
    return calendar


def holds(fact: F, number: int) -> bool:
    return fact.valid_from <= hour(number) and (
        fact.valid_to is None or hour(number) < fact.valid_to
    )


def nearest(decided: Iterable[ZoneLevelDecided | None]) -> ZoneLevel | None:
    return next((decision.level for decision in decided if decision is not None), None)


@given(KNOWN)
def test_an_answer_is_what_painting_all_facts_known_at_its_version_gives(known: Known) -> None:
    reference = reference_of(known.items())
    for version in range(NOTHING_KNOWN, max(known, default=0) + 2):
        assert answers(reference.as_of(version)) == painted_answers(known, version)


@given(KNOWN, st.data())
def test_a_late_correction_does_not_change_what_was_believed_before(
    known: Known, data: st.DataObject
) -> None:
    reference = reference_of(known.items())
    believed = reference.as_of(reference.version)
    before = answers(believed)
    for correction in data.draw(st.lists(FACTS, min_size=1, max_size=4)):
        reference.add(reference.version + 1, correction)
    assert answers(believed) == answers(reference.as_of(believed.version)) == before


@given(KNOWN, st.randoms())
def test_facts_with_their_versions_give_the_same_answers_in_any_order(
    known: Known, shuffling: Random
) -> None:
    shuffled = list(known.items())
    shuffling.shuffle(shuffled)
    in_order, in_any_order = reference_of(known.items()), reference_of(shuffled)
    for version in range(NOTHING_KNOWN, max(known, default=0) + 1):
        assert answers(in_order.as_of(version)) == answers(in_any_order.as_of(version))


@given(
    st.permutations(
        [
            zone(COMMUNE, "red", 1, 3),
            zone(COMMUNE, "green", 0),
            zone(COMMUNE, "orange", 2, 5),
            zone(DISTRICT, "yellow", 0, 6),
        ]
    )
)
def test_facts_that_take_effect_one_after_the_other_may_arrive_in_any_order(
    facts: list[ZoneLevelDecided],
) -> None:
    known = reference_of(enumerate(facts)).as_of(len(facts) - 1)
    levels = ["green", "red", "orange", "orange", "orange", "green"]
    assert [known.zone_level(COMMUNE, hour(number)) for number in range(6)] == levels


def test_of_facts_that_take_effect_together_the_one_known_last_corrects_the_other() -> None:
    reference = reference_of(enumerate([zone(COMMUNE, "red", 0), zone(COMMUNE, "green", 0)]))
    assert [
        reference.as_of(version).zone_level(COMMUNE, hour(0)) for version in (NOTHING_KNOWN, 0, 1)
    ] == [None, "red", "green"]


def test_a_place_without_a_level_of_its_own_has_that_of_the_nearest_above_it() -> None:
    reference = reference_of(
        enumerate(
            [
                zone(PROVINCE, "yellow", 0),
                zone(DISTRICT, "orange", 0, 4),
                zone(COMMUNE, "red", 0, 2),
            ]
        )
    )
    known = reference.as_of(reference.version)
    assert [known.zone_level(COMMUNE, hour(number)) for number in (0, 2, 4)] == [
        "red",
        "orange",
        "yellow",
    ]
    assert [known.zone_level(ELSEWHERE, hour(number)) for number in (0, 2, 4)] == [
        "yellow",
        "yellow",
        "yellow",
    ]


def test_a_shipped_post_described_for_a_time_is_as_shipped_before_and_after() -> None:
    closed = replace(checkpoint("binh-de", "21481", 2, 4), closed=True)
    known = reference_of([(0, closed)]).as_of(0)
    shipped = shipped_checkpoints()["binh-de"]
    assert [known.checkpoint("binh-de", hour(number)) for number in (1, 2, 3, 4)] == [
        shipped,
        closed,
        closed,
        shipped,
    ]
