"""`impossible_travel` at its edges: by road, to the millisecond."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.domain.roads import km_between, nodes
from schemas.domain.roads.places import straight_km
from streams.rules.impossible_travel import least_time
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CMND,
    NOON,
    NORTH,
    SOUTH,
    checkpoint,
    citizen,
    declaration_id,
    policy,
    scan,
)

MOMENT = timedelta(milliseconds=1)
KM = km_between(NORTH.checkpoint_id, SOUTH.checkpoint_id)
LEAST = least_time(KM, 120.0, 10.0)
LATER = scan("later").event_id


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(NORTH, SOUTH, checkpoint("nowhere", "21025"))
    path.record([citizen()])
    path.feed_links()
    return path


def found(path: MemoryPath) -> dict[str, tuple[str, ...]]:
    """Causes by subject."""
    return {
        flag[2]: flag[4] for flag in path.open_flags().values() if flag[0] == "impossible_travel"
    }


@pytest.mark.parametrize(
    ("after", "impossible"),
    [(LEAST, False), (LEAST - MOMENT, True), (timedelta(0), True), (timedelta(days=3), False)],
)
def test_two_scans_are_impossible_in_less_than_the_least_time_of_the_policy(
    path: MemoryPath, after: timedelta, impossible: bool
) -> None:
    first = scan("earlier", HOA_CMND, checkpoint_id=NORTH.checkpoint_id)
    later = scan("later", at=NOON + after, checkpoint_id=SOUTH.checkpoint_id)
    path.feed([first, later])
    before, after_it = sorted((first, later), key=lambda event: (event.scanned_at, event.event_id))
    assert found(path) == (
        {after_it.event_id: (after_it.event_id, before.event_id)} if impossible else {}
    )


def test_one_code_at_two_posts_is_told_as_such(path: MemoryPath) -> None:
    code: dict[str, Any] = {"shown_kind": "token", "declaration_id": declaration_id("a")}
    path.feed([scan("earlier", checkpoint_id=NORTH.checkpoint_id, **code)])
    path.feed(
        [scan("later", at=NOON + timedelta(minutes=1), checkpoint_id=SOUTH.checkpoint_id, **code)]
    )
    assert path.reasons("impossible_travel") == [("too_far_too_soon", "code_shown_elsewhere")]


def test_the_order_in_which_scans_arrive_changes_nothing(path: MemoryPath) -> None:
    later = scan("later", at=NOON + timedelta(minutes=1), checkpoint_id=SOUTH.checkpoint_id)
    path.feed([later])
    assert found(path) == {}
    path.feed([scan("earlier", HOA_CMND, checkpoint_id=NORTH.checkpoint_id)])
    assert set(found(path)) == {later.event_id}


def test_a_post_without_a_place_raises_nothing_and_hides_nothing(path: MemoryPath) -> None:
    path.feed(
        [
            scan("earlier", checkpoint_id=NORTH.checkpoint_id),
            scan("between", at=NOON + MOMENT, checkpoint_id="nowhere"),
        ]
    )
    assert found(path) == {}
    path.feed([scan("later", at=NOON + timedelta(minutes=1), checkpoint_id=SOUTH.checkpoint_id)])
    assert found(path) == {LATER: (LATER, scan("earlier").event_id)}


def test_only_the_newest_earlier_scan_counts_so_that_one_stray_scan_is_told_once(
    path: MemoryPath,
) -> None:
    minutes = [timedelta(minutes=number) for number in range(4)]
    path.feed([scan("earlier", checkpoint_id=NORTH.checkpoint_id)])
    path.feed([scan("later", at=NOON + minutes[1], checkpoint_id=SOUTH.checkpoint_id)])
    path.feed([scan("there", at=NOON + minutes[2], checkpoint_id=SOUTH.checkpoint_id)])
    assert set(found(path)) == {LATER}


def test_a_scan_between_that_arrives_late_explains_or_accuses(path: MemoryPath) -> None:
    path.feed(
        [
            scan("earlier", checkpoint_id=NORTH.checkpoint_id),
            scan("later", at=NOON + LEAST, checkpoint_id=SOUTH.checkpoint_id),
        ]
    )
    assert found(path) == {}
    path.feed(
        [scan("between", at=NOON + LEAST - timedelta(minutes=1), checkpoint_id=NORTH.checkpoint_id)]
    )
    assert found(path) == {LATER: (LATER, scan("between").event_id)}


def test_a_policy_may_know_faster_roads_and_better_clocks(path: MemoryPath) -> None:
    path.decide(policy({}, speed_most_kmh=60.0, travel_slack_minutes=0.0))
    path.feed([scan("earlier", checkpoint_id=NORTH.checkpoint_id)])
    path.feed(
        [
            scan(
                "later",
                at=NOON + timedelta(hours=KM / 60) - MOMENT,
                checkpoint_id=SOUTH.checkpoint_id,
            )
        ]
    )
    assert set(found(path)) == {LATER}


def test_it_is_the_road_that_counts_not_the_straight_line(path: MemoryPath) -> None:
    """Between Sơn Hà and Ba Vì lie mountains: in a straight line the time would do."""
    son_ha, ba_vi = nodes()["di-lang"], nodes()["ba-vi"]
    straight = straight_km(son_ha.latitude, son_ha.longitude, ba_vi.latitude, ba_vi.longitude)
    path.decide(
        checkpoint("son-ha", "21289", latitude=son_ha.latitude, longitude=son_ha.longitude),
        checkpoint("ba-vi-post", "21529", latitude=ba_vi.latitude, longitude=ba_vi.longitude),
    )
    between = least_time(straight, 120.0, 10.0) + timedelta(minutes=1)
    path.feed(
        [
            scan("earlier", checkpoint_id="son-ha"),
            scan("later", at=NOON + between, checkpoint_id="ba-vi-post"),
        ]
    )
    assert set(found(path)) == {LATER}
