"""Reference data with both of its times: every answer, at an instant and as known at a version, is what painting the facts known then over
a calendar gives."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
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
from schemas.contract.ids import EventId
from schemas.contract.terms import ZoneLevel
from schemas.domain.exposure import CV_11042, QD_3638
from schemas.domain.reference import DEFAULT_POLICY, NOTHING_KNOWN, Reference, ReferenceAsOf
from schemas.domain.roads import shipped_posts

COMMUNE, ELSEWHERE, DISTRICT, PROVINCE = "21439", "21190", "534", "51"
ABOVE = {
    COMMUNE: (DISTRICT, PROVINCE),
    ELSEWHERE: ("522", PROVINCE),
    DISTRICT: (PROVINCE,),
    PROVINCE: (),
}
PLACES = (*ABOVE, "522")
POSTS = ("binh-de", "sa-huynh")
HOURS = range(-1, 8)
"""Facts take effect and end on full hours of one morning; it is asked about at each, and about the hours before and after."""
BEGIN = datetime(2021, 9, 15, tzinfo=UTC)

Known = Mapping[int, ReferenceEvent]
"""Facts by their version. Offsets of the topic have gaps: poison has one, too."""
Answers = list[object]
F = TypeVar("F", ZoneLevelDecided, CheckpointDescribed, PolicyAdopted, ExposureRulesAdopted)


def hour(number: int) -> datetime:
    return BEGIN + timedelta(hours=number)


def zone(unit_code: str, level: ZoneLevel, begin: int, end: int | None = None) -> ZoneLevelDecided:
    return ZoneLevelDecided(
        event_id=EventId("zone"),
        unit_code=unit_code,
        level=level,
        valid_from=hour(begin),
        valid_to=None if end is None else hour(end),
        received_at=BEGIN,
        submitted_by="committee",
    )


def post(checkpoint_id: str, unit_code: str, begin: int, end: int | None) -> CheckpointDescribed:
    return CheckpointDescribed(
        event_id=EventId("post"),
        checkpoint_id=checkpoint_id,
        name="Chốt",
        unit_code=unit_code,
        valid_from=hour(begin),
        valid_to=None if end is None else hour(end),
        received_at=BEGIN,
        submitted_by="police",
    )


def policy(valid_hours: int, begin: int, end: int | None) -> PolicyAdopted:
    return PolicyAdopted(
        event_id=EventId("policy"),
        policy_id=f"{valid_hours} hours",
        declaration_valid_hours=valid_hours,
        decisions={},
        valid_from=hour(begin),
        valid_to=None if end is None else hour(end),
        received_at=BEGIN,
        submitted_by="committee",
    )


def exposure_rules(
    rules_id: str, overlap: int, begin: int, end: int | None
) -> ExposureRulesAdopted:
    return ExposureRulesAdopted(
        event_id=EventId("rules"),
        rules_id=rules_id,
        source="QĐ",
        days_before_onset=2,
        overlap_minutes=overlap,
        distance_most_m=2,
        apart_minutes={},
        valid_from=hour(begin),
        valid_to=None if end is None else hour(end),
        received_at=BEGIN,
        submitted_by="committee",
    )


UNITS = st.sampled_from(PLACES)
LEVELS = st.sampled_from(["green", "yellow", "orange", "red"])
BEGINS, ENDS = st.integers(0, 5), st.none() | st.integers(1, 6)
FACTS: st.SearchStrategy[ReferenceEvent] = st.one_of(
    st.builds(zone, UNITS, LEVELS, BEGINS, ENDS),
    st.builds(post, st.sampled_from(POSTS), UNITS, BEGINS, ENDS),
    st.builds(policy, st.sampled_from([24, 48, 72]), BEGINS, ENDS),
    st.builds(
        exposure_rules, st.sampled_from(["QD-3638", "QD-1"]), st.integers(0, 30), BEGINS, ENDS
    ),
)
KNOWN: st.SearchStrategy[Known] = st.lists(st.tuples(st.integers(1, 3), FACTS), max_size=12).map(
    lambda steps: {
        sum(step for step, _ in steps[: place + 1]): fact for place, (_, fact) in enumerate(steps)
    }
)


def reference_of(facts: Iterable[tuple[int, ReferenceEvent]]) -> Reference:
    reference = Reference()
    for version, fact in facts:
        reference.add(version, fact)
    return reference


def answers(asked: ReferenceAsOf) -> Answers:
    """To every question of every hour."""
    return [
        *(asked.zone_level(unit_code, hour(number)) for unit_code in ABOVE for number in HOURS),
        *(
            asked.checkpoint(checkpoint_id, hour(number))
            for checkpoint_id in POSTS
            for number in HOURS
        ),
        *(asked.policy(hour(number)) for number in HOURS),
        *(asked.exposure_rules_at(hour(number)) for number in HOURS),
    ]


def painted_answers(known: Known, version: int) -> Answers:
    """The same, from calendars over which the facts known at the version were painted."""
    facts = [fact for known_at, fact in sorted(known.items()) if known_at <= version]
    decided = [one for one in facts if isinstance(one, ZoneLevelDecided)]
    described = [one for one in facts if isinstance(one, CheckpointDescribed)]
    zones = {code: painted([one for one in decided if one.unit_code == code]) for code in PLACES}
    posts = {
        name: painted([one for one in described if one.checkpoint_id == name]) for name in POSTS
    }
    undescribed = {name: shipped_posts().get(name) for name in POSTS}
    policies = painted([one for one in facts if isinstance(one, PolicyAdopted)])
    rules = painted([one for one in facts if isinstance(one, ExposureRulesAdopted)])
    return [
        *(
            nearest([zones[one].get(number) for one in (code, *above)])
            for code, above in ABOVE.items()
            for number in HOURS
        ),
        *(
            posts[checkpoint_id].get(number, undescribed.get(checkpoint_id))
            for checkpoint_id in POSTS
            for number in HOURS
        ),
        *(policies.get(number, DEFAULT_POLICY) for number in HOURS),
        *(rules.get(number, QD_3638) for number in HOURS),
    ]


def painted(facts: Sequence[F]) -> dict[int, F]:
    """Fact by hour: each is painted over those that begin before it, and over those that begin with it and were known before."""
    calendar: dict[int, F] = {}
    for begin in HOURS:
        for fact in facts:
            if fact.valid_from == hour(begin):
                calendar.update(
                    {
                        number: fact
                        for number in HOURS
                        if number >= begin
                        and (fact.valid_to is None or hour(number) < fact.valid_to)
                    }
                )
    return calendar


def nearest(decided: Iterable[ZoneLevelDecided | None]) -> ZoneLevel | None:
    return next((one.level for one in decided if one is not None), None)


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
    one, other = reference_of(known.items()), reference_of(shuffled)
    for version in range(NOTHING_KNOWN, max(known, default=0) + 1):
        assert answers(one.as_of(version)) == answers(other.as_of(version))


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
    asked = reference_of(enumerate(facts)).as_of(len(facts) - 1)
    levels = ["green", "red", "orange", "orange", "orange", "green"]
    assert [asked.zone_level(COMMUNE, hour(number)) for number in range(6)] == levels


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
    asked = reference.as_of(reference.version)
    assert [asked.zone_level(COMMUNE, hour(number)) for number in (0, 2, 4)] == [
        "red",
        "orange",
        "yellow",
    ]
    assert [asked.zone_level(ELSEWHERE, hour(number)) for number in (0, 2, 4)] == [
        "yellow",
        "yellow",
        "yellow",
    ]


def test_a_shipped_post_described_for_a_time_is_as_shipped_before_and_after() -> None:
    closed = replace(post("binh-de", "21481", 2, 4), closed=True)
    known = reference_of([(0, closed)]).as_of(0)
    shipped = shipped_posts()["binh-de"]
    assert [known.checkpoint("binh-de", hour(number)) for number in (1, 2, 3, 4)] == [
        shipped,
        closed,
        closed,
        shipped,
    ]


def test_a_set_of_exposure_rules_adopted_anew_replaces_the_shipped_one_of_its_name() -> None:
    reference = reference_of(
        enumerate([exposure_rules("QD-3638", 15, 0, None), exposure_rules("QD-1", 5, 2, 3)])
    )
    named = reference.as_of(1).exposure_rules()
    assert {name: rules.overlap_minutes for name, rules in named.items()} == {
        "QD-3638": 15,
        "QD-1": 5,
        "CV-11042": 15,
    }
    assert reference.as_of(NOTHING_KNOWN).exposure_rules() == {
        "QD-3638": QD_3638,
        "CV-11042": CV_11042,
    }


def test_a_set_named_is_the_version_for_the_time_of_the_case() -> None:
    reference = reference_of(
        enumerate([exposure_rules("QD-1", 15, 2, None), exposure_rules("QD-1", 30, 4, None)])
    )
    asked = reference.as_of(1)
    overlaps = [
        rules.overlap_minutes
        for number in (0, 2, 4)
        if (rules := asked.exposure_rules_named("QD-1", hour(number)))
    ]
    assert overlaps == [15, 15, 30]
    assert asked.exposure_rules_named("QD-9", hour(0)) is None


def test_a_shipped_set_adopted_anew_holds_from_its_own_date_on_however_early() -> None:
    early = replace(
        exposure_rules("QD-3638", 5, 0, None), valid_from=QD_3638.valid_from - timedelta(days=9)
    )
    asked = reference_of([(0, early)]).as_of(0)
    assert (
        asked.exposure_rules_named("QD-3638", hour(0)) == asked.exposure_rules_at(hour(0)) == early
    )
