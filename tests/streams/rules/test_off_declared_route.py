"""`off_declared_route` at its edges: the detour by the post where somebody is scanned."""

from datetime import timedelta

import pytest

from schemas.domain.roads import detour_km
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
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
        flag[2]: flag[4] for flag in path.open_flags().values() if flag[0] == "off_declared_route"
    }


def test_a_post_on_the_way_there_or_back_is_right_and_one_far_off_it_is_told_with_the_declaration(
    path: MemoryPath,
) -> None:
    declared = declaration("a", origin_code=CITY, destination_code=COAST)
    on_way, back = (
        scan(way, at=NOON + MINUTE, checkpoint_id="city-south", direction=way)
        for way in ("in", "out")
    )
    off_way = scan("off", at=NOON + MINUTE, checkpoint_id="quang-nam-border")
    path.feed([declared, on_way, back, off_way])
    assert found(path) == {off_way.event_id: (off_way.event_id, declared.event_id)}


@pytest.mark.parametrize(("most_km", "off"), [(0.0, False), (-0.001, True)])
def test_the_limit_itself_is_allowed(path: MemoryPath, most_km: float, off: bool) -> None:
    detour = detour_km(CITY, COAST, "quang-nam-border")
    assert detour is not None and detour > 20
    path.decide(policy({}, detour_most_km=detour + most_km))
    path.feed([declaration("a"), scan("b", at=NOON + MINUTE, checkpoint_id="quang-nam-border")])
    assert bool(found(path)) == off


@pytest.mark.parametrize(
    ("after", "off"), [(timedelta(hours=72), True), (timedelta(hours=72) + MINUTE, False)]
)
def test_only_a_valid_declaration_can_be_strayed_from(
    path: MemoryPath, after: timedelta, off: bool
) -> None:
    path.feed([declaration("a"), scan("b", at=NOON + after, checkpoint_id="quang-nam-border")])
    assert bool(found(path)) == off


def test_any_valid_declaration_that_goes_by_the_post_explains_the_scan_even_if_it_comes_late(
    path: MemoryPath,
) -> None:
    path.feed([declaration("a"), scan("b", at=NOON + MINUTE, checkpoint_id="quang-nam-border")])
    assert len(found(path)) == 1
    path.feed(
        [
            declaration(
                "paper",
                at=NOON - MINUTE,
                origin_code=CITY,
                destination_code="21052",
                channel="paper",
            )
        ]
    )
    assert found(path) == {}


def test_posts_and_declarations_without_a_place_raise_nothing(path: MemoryPath) -> None:
    path.feed(
        [
            declaration("a"),
            *(
                scan(post, at=NOON + MINUTE, checkpoint_id=post)
                for post in ("nowhere", "unheard-of")
            ),
        ]
    )
    assert found(path) == {}


DA_NANG, QUY_NHON = "20194", "21550"


@pytest.mark.parametrize(
    ("ends", "post", "direction", "told"),
    [
        ((CITY, DA_NANG), "quang-nam-border", "in", True),
        ((CITY, DA_NANG), "quang-nam-border", "out", False),
        ((CITY, DA_NANG), "quang-nam-border", "through", False),
        ((DA_NANG, CITY), "quang-nam-border", "out", True),
        ((DA_NANG, CITY), "quang-nam-border", "in", False),
        ((DA_NANG, QUY_NHON), "quang-nam-border", "out", True),
        ((DA_NANG, QUY_NHON), "binh-de", "in", True),
        ((CITY, COAST), "city-south", "in", False),
    ],
)
def test_the_direction_at_the_border_has_to_be_declared_where_the_way_back_is_declared_apart(
    path: MemoryPath, ends: tuple[str, str], post: str, direction: str, told: bool
) -> None:
    declared = declaration("a", origin_code=ends[0], destination_code=ends[1])
    met = scan("b", at=NOON + MINUTE, checkpoint_id=post, direction=direction)
    path.feed([declared, met])
    assert found(path) == {}
    path.decide(policy({}, way_back_declared=False))
    path.feed([scan("c", at=NOON + MINUTE, checkpoint_id=post, direction=direction)])
    assert (met.event_id in found(path)) == told
    assert set(path.reasons("off_declared_route")) == ({("other_direction",)} if told else set())


def test_any_declaration_for_the_direction_will_do(path: MemoryPath) -> None:
    path.decide(policy({}, way_back_declared=False))
    there, back = (
        declaration("there", destination_code=DA_NANG),
        declaration("back", origin_code=DA_NANG, destination_code=CITY),
    )
    path.feed(
        [there, scan("b", at=NOON + MINUTE, checkpoint_id="quang-nam-border", direction="in")]
    )
    assert path.reasons("off_declared_route") == [("other_direction",)]
    path.feed([back])
    assert path.reasons("off_declared_route") == []
