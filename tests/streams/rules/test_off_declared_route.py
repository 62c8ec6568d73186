"""`off_declared_route` at its edges: the detour by the post where somebody is scanned."""

from datetime import timedelta

import pytest

from schemas.roads import detour_km
from tests.streams.memory_path import MemoryPath
from tests.streams.people import CITY, COAST, NOON, NORTH, SOUTH, checkpoint, citizen, declaration, policy, scan

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
    return {flag[2]: flag[4] for flag in path.open_flags().values() if flag[0] == "off_declared_route"}


def test_a_post_on_the_way_there_or_back_is_right_and_one_far_off_it_is_told_with_the_declaration(path: MemoryPath) -> None:
    declared = declaration("a", origin_code=CITY, destination_code=COAST)
    on_way, back = (scan(way, at=NOON + MINUTE, checkpoint_id="city-south", direction=way) for way in ("in", "out"))
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


@pytest.mark.parametrize(("after", "off"), [(timedelta(hours=72), True), (timedelta(hours=72) + MINUTE, False)])
def test_only_a_valid_declaration_can_be_strayed_from(path: MemoryPath, after: timedelta, off: bool) -> None:
    path.feed([declaration("a"), scan("b", at=NOON + after, checkpoint_id="quang-nam-border")])
    assert bool(found(path)) == off


def test_any_valid_declaration_that_goes_by_the_post_explains_the_scan_even_if_it_comes_late(path: MemoryPath) -> None:
    path.feed([declaration("a"), scan("b", at=NOON + MINUTE, checkpoint_id="quang-nam-border")])
    assert len(found(path)) == 1
    path.feed([declaration("paper", at=NOON - MINUTE, origin_code=CITY, destination_code="21052", channel="paper")])
    assert found(path) == {}


def test_posts_and_declarations_without_a_place_raise_nothing(path: MemoryPath) -> None:
    path.feed([declaration("a"), *(scan(post, at=NOON + MINUTE, checkpoint_id=post) for post in ("nowhere", "unheard-of"))])
    assert found(path) == {}
