"""Green lane permits at their edges: the minute, the plate, the crew, the road, the decree."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.contract.events import PermitsExtended, ReferenceEvent
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    COAST,
    HOA_CCCD,
    NOON,
    PSEUDONYMS,
    checkpoint,
    event_id,
    permit,
    policy,
    scan,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ENDS = NOON + 5 * DAY
TRACTOR, TRAILER, OTHER = (
    PSEUDONYMS.vehicle(plate) for plate in ("76C12345", "76R00001", "76C99999")
)
HOA = PSEUDONYMS.document(HOA_CCCD)


def extension(ending_from: datetime, ending_to: datetime, extended_to: datetime) -> PermitsExtended:
    return PermitsExtended(
        event_id=event_id(f"extension {ending_from} {extended_to}"),
        ending_from=ending_from,
        ending_to=ending_to,
        extended_to=extended_to,
        received_at=ENDS,
        submitted_by="transport-department",
    )


def found(at: datetime, *facts: ReferenceEvent, **fields: Any) -> list[tuple[str, ...]]:
    path = MemoryPath()
    path.decide(checkpoint(), *facts)
    shown: dict[str, Any] = {"green_lane": True, "vehicle_key": TRACTOR}
    path.feed([scan("s", at=at, **shown | fields)])
    return path.reasons("green_lane")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON - MINUTE, [("permit_not_yet_valid",)]),
        (NOON, []),
        (ENDS - MINUTE, []),
        (ENDS, [("permit_expired",)]),
    ],
)
def test_a_permit_holds_from_its_first_minute_to_its_last(
    at: datetime, expected: list[tuple[str, ...]]
) -> None:
    assert found(at, permit()) == expected


def test_a_vehicle_in_the_lane_without_any_permit_is_told_and_one_outside_it_is_not() -> None:
    assert found(NOON) == [("no_permit",)]
    assert found(NOON, permit(), permit_id="LX-2") == [("no_permit",)]
    assert found(NOON, green_lane=False) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"vehicle_key": TRACTOR, "trailer_key": TRAILER}, []),
        ({"vehicle_key": TRAILER, "trailer_key": TRACTOR}, []),  # typed the wrong way round
        ({"vehicle_key": TRAILER}, []),
        ({"vehicle_key": TRACTOR}, []),
        ({"vehicle_key": TRACTOR, "trailer_key": OTHER}, [("permit_of_another_vehicle",)]),
        ({"vehicle_key": OTHER}, [("no_permit",)]),
        ({"vehicle_key": OTHER, "permit_id": "LX-1"}, [("permit_of_another_vehicle",)]),
        ({"vehicle_key": None, "permit_id": "LX-1"}, []),
    ],
)
def test_plates_are_held_against_the_permit(
    said: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    assert found(NOON, permit(trailer_key=TRAILER), **said) == expected


@pytest.mark.parametrize(
    ("crew", "expected"), [([], []), ([HOA], []), (["f" * 32], [("crew_not_named",)])]
)
def test_a_permit_that_names_its_crew_is_for_nobody_else(
    crew: list[Any], expected: list[tuple[str, ...]]
) -> None:
    assert found(NOON, permit(crew_keys=crew)) == expected


@pytest.mark.parametrize(
    ("roads", "expected"), [([], []), (["QL1", "QL24"], []), (["QL24"], [("off_permitted_road",)])]
)
def test_a_permit_for_some_roads_holds_at_posts_on_them(
    roads: list[str], expected: list[tuple[str, ...]]
) -> None:
    path = MemoryPath()
    path.decide(checkpoint("on-road", COAST, road="QL1"), permit(roads=roads))
    path.feed([scan("s", at=NOON, green_lane=True, vehicle_key=TRACTOR, checkpoint_id="on-road")])
    assert path.reasons("green_lane") == expected


def test_the_last_word_on_a_permit_holds() -> None:
    assert found(ENDS, permit(), permit(valid_to=ENDS + DAY)) == []
    assert found(NOON + DAY, permit(), permit(revoked_at=NOON + DAY)) == [("permit_revoked",)]
    assert found(NOON + DAY - MINUTE, permit(), permit(revoked_at=NOON + DAY)) == []
    assert found(NOON, permit(), permit(vehicle_key=OTHER)) == [("no_permit",)]


@pytest.mark.parametrize(
    ("decrees", "at", "expected"),
    [
        ([extension(ENDS, ENDS, ENDS + DAY)], ENDS + DAY - MINUTE, []),
        ([extension(ENDS, ENDS, ENDS + DAY)], ENDS + DAY, [("permit_expired",)]),
        ([extension(ENDS + MINUTE, ENDS + DAY, ENDS + 9 * DAY)], ENDS, [("permit_expired",)]),
        ([extension(ENDS - DAY, ENDS - MINUTE, ENDS + 9 * DAY)], ENDS, [("permit_expired",)]),
        (
            [extension(ENDS, ENDS, ENDS + DAY), extension(ENDS + DAY, ENDS + DAY, ENDS + 2 * DAY)],
            ENDS + 2 * DAY - MINUTE,
            [],
        ),
    ],
)
def test_a_decree_extends_whatever_ends_in_its_period(
    decrees: list[ReferenceEvent], at: datetime, expected: list[tuple[str, ...]]
) -> None:
    assert found(at, permit(), *decrees) == expected


def test_of_two_permits_the_better_one_counts() -> None:
    assert found(NOON, permit("LX-1", crew_keys=["f" * 32]), permit("LX-2")) == []


@pytest.mark.parametrize(
    ("exempt", "held", "declared"), [(True, True, False), (True, False, True), (False, True, True)]
)
def test_only_the_policy_lets_a_permitted_vehicle_pass_without_a_declaration(
    exempt: bool, held: bool, declared: bool
) -> None:
    path = MemoryPath()
    path.decide(checkpoint(), policy({}, green_lane_exempt=exempt), *([permit()] if held else []))
    path.feed([scan("s", at=NOON, green_lane=True, vehicle_key=TRACTOR)])
    assert ("no_valid_declaration" in {rule for rule, _ in path.rules_found()}) is declared
