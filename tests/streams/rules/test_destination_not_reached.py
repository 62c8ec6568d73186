"""`destination_not_reached` at its edges: past the arrival, far away, and never there since."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.contract.events import DeclarationSubmitted
from schemas.domain.roads import km_from_place
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    COAST,
    NOON,
    NORTH,
    SOUTH,
    checkpoint,
    citizen,
    declaration,
    policy,
    scan,
)

MINUTE = timedelta(minutes=1)
ARRIVAL = NOON + timedelta(hours=3)
TOO_LATE = ARRIVAL + timedelta(hours=2) + MINUTE
DUC_PHO = checkpoint("duc-pho-post", COAST, latitude=14.81, longitude=108.95)


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(NORTH, SOUTH, DUC_PHO, checkpoint("nowhere", "21025"))
    path.record([citizen()])
    path.feed_links()
    return path


def found(path: MemoryPath) -> dict[str, tuple[str, ...]]:
    """Causes by subject."""
    return {
        flag[2]: flag[4]
        for flag in path.open_flags().values()
        if flag[0] == "destination_not_reached"
    }


def to_duc_pho(name: str = "a", **fields: Any) -> DeclarationSubmitted:
    times = {"departure_at": NOON + timedelta(hours=1), "arrival_at": ARRIVAL}
    return declaration(name, **(times | fields))


@pytest.mark.parametrize(("after", "late"), [(timedelta(0), True), (-MINUTE, False)])
def test_who_is_still_on_the_way_after_the_tolerance_is_told_with_the_declaration(
    path: MemoryPath, after: timedelta, late: bool
) -> None:
    declared, met = to_duc_pho(), scan("b", at=TOO_LATE + after, checkpoint_id="city-south")
    path.feed([declared, met])
    assert found(path) == ({met.event_id: (met.event_id, declared.event_id)} if late else {})


@pytest.mark.parametrize(("nearer", "late"), [(0.0, False), (0.001, True)])
def test_so_near_to_the_destination_counts_as_arrived(
    path: MemoryPath, nearer: float, late: bool
) -> None:
    away = km_from_place("city-south", COAST)
    assert away is not None and away > 20
    path.decide(policy({}, arrival_near_km=away - nearer))
    path.feed([to_duc_pho(), scan("b", at=TOO_LATE, checkpoint_id="city-south")])
    assert bool(found(path)) == late


def test_who_was_seen_at_the_destination_may_be_anywhere_later_even_if_that_scan_comes_last(
    path: MemoryPath,
) -> None:
    path.feed([to_duc_pho(), scan("b", at=TOO_LATE, checkpoint_id="city-south")])
    assert len(found(path)) == 1
    path.feed([scan("there", at=ARRIVAL, checkpoint_id="duc-pho-post")])
    assert found(path) == {}


def test_having_been_there_before_the_departure_does_not_count(path: MemoryPath) -> None:
    path.feed(
        [
            scan("there", at=NOON, checkpoint_id="duc-pho-post"),
            to_duc_pho(),
            scan("b", at=TOO_LATE, checkpoint_id="city-south"),
        ]
    )
    assert len(found(path)) == 1


def test_a_newer_declaration_takes_the_place_of_the_older(path: MemoryPath) -> None:
    path.feed([to_duc_pho(), scan("b", at=TOO_LATE, checkpoint_id="city-south")])
    path.feed(
        [
            to_duc_pho(
                "b",
                at=TOO_LATE - MINUTE,
                departure_at=TOO_LATE,
                arrival_at=TOO_LATE + timedelta(hours=1),
            )
        ]
    )
    assert found(path) == {}


def test_without_a_declared_arrival_or_after_the_declaration_ran_out_nothing_is_late(
    path: MemoryPath,
) -> None:
    path.feed([to_duc_pho(arrival_at=None), scan("b", at=TOO_LATE, checkpoint_id="city-south")])
    assert found(path) == {}
    path.feed(
        [
            to_duc_pho("b", at=NOON + MINUTE),
            scan("c", at=NOON + timedelta(hours=72) + 2 * MINUTE, checkpoint_id="city-south"),
        ]
    )
    assert set(found(path)) == {scan("b").event_id}


def test_a_post_without_a_place_raises_nothing(path: MemoryPath) -> None:
    path.feed([to_duc_pho(), scan("b", at=TOO_LATE, checkpoint_id="nowhere")])
    assert found(path) == {}
