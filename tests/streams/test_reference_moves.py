"""Reference data that comes between the events ends in the same flags as if it had come before.

Each person has a last event after it. It has judged again what the changes concern, and no more.
"""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.contract.events import ReferenceEvent
from streams.rules.concerned import concerned_entries
from tests.streams.facts import FACTS, GONE, NEWCOMER, REGISTER, STRANGER
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    HOA_CCCD,
    HOA_CMND,
    NOON,
    NORTH,
    SOUTH,
    checkpoint,
    permit,
    policy,
    scan,
    zone,
)

SEEDS = range(60)
FACTS_EACH = 12
LAST_SCANS = [
    scan(f"last {number}", document, NOON + timedelta(days=30))
    for number, document in enumerate((HOA_CCCD, HOA_CMND, STRANGER, NEWCOMER, GONE))
]


def any_fact(random: Random) -> ReferenceEvent:
    begin = NOON + timedelta(hours=random.randint(-100, 130))
    end = random.choice([None, begin + timedelta(hours=random.choice([3, 20, 200]))])
    unit_code = random.choice([COAST, CITY])
    kind = random.choice(["zone", "zone", "policy", "checkpoint", "permit"])
    if kind == "zone":
        return zone(unit_code, random.choice(["red", "orange", "yellow", "green"]), begin, end)
    if kind == "policy":
        return policy({}, valid_from=begin, valid_to=end, **any_parameters(random))
    if kind == "permit":
        vehicle_key = random.choice(["b" * 32, "c" * 32])
        permit_id = random.choice(["LX-1", "LX-2"])
        return permit(permit_id, vehicle_key=vehicle_key, valid_from=begin, valid_to=end)
    return replace(checkpoint(unit_code=unit_code), valid_from=begin)


def any_parameters(random: Random) -> dict[str, Any]:
    choices: dict[str, list[Any]] = {
        "declaration_valid_hours": [1, 24, 72, 120],
        "test_required_levels": [[], ["red"], ["red", "orange", "yellow"]],
        "passages_allowed": [[], ["yellow>red", "green>red"]],
        "green_lane_exempt": [False, True],
        "way_back_declared": [False, True],
        "case_days": [1, 28],
        "controlled_levels": [["red"], ["red", "orange"]],
        "arrival_late_minutes": [10, 600],
        "dose_interval_least_days": [0, 40],
    }
    return {name: random.choice(values) for name, values in choices.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_any_interleaving_with_reference_data_ends_in_the_same_flags(seed: int) -> None:
    assert ends_in_the_same_flags(seed)


@pytest.mark.parametrize("kind", ["policies", "zones", "checkpoints", "permits"])
def test_a_kind_of_change_that_concerns_nothing_is_caught(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def without_the_kind(*arguments: Any) -> Iterator[Any]:
        return (concerned for concerned in concerned_entries(*arguments) if concerned[0] != kind)

    monkeypatch.setattr("streams.screen.concerned_entries", without_the_kind)
    assert not all(ends_in_the_same_flags(seed) for seed in SEEDS)


def ends_in_the_same_flags(seed: int) -> bool:
    random = Random(seed)
    reference: list[ReferenceEvent] = [checkpoint(), NORTH, SOUTH]
    reference += [any_fact(random) for _ in range(FACTS_EACH)]
    return flags(interleaved(random, reference)) == flags(known_before(reference))


def interleaved(random: Random, reference: list[ReferenceEvent]) -> MemoryPath:
    """Feeds all events in a random order, and the facts in their own order between them."""
    path = MemoryPath(batch=random.choice([1, 5]))
    events = list(FACTS)
    random.shuffle(events)
    places = sorted(random.choices(range(len(events) + 1), k=len(reference)))
    register_after = random.randint(0, len(events))
    for number, event in enumerate(events):
        while places and places[0] <= number:
            places.pop(0)
            path.decide(reference[len(reference) - len(places) - 1])
        if number == register_after:
            path.record(REGISTER)
        path.feed([event])
        path.feed_links()
    path.decide(*reference[len(reference) - len(places) :])
    return settled(path)


def known_before(reference: list[ReferenceEvent]) -> MemoryPath:
    path = MemoryPath()
    path.decide(*reference)
    path.record(REGISTER)
    path.feed_links()
    path.feed(FACTS)
    return settled(path)


def settled(path: MemoryPath) -> MemoryPath:
    path.record(REGISTER)
    path.feed(LAST_SCANS)
    path.feed_links()
    return path


def flags(path: MemoryPath) -> list[tuple[Any, ...]]:
    return sorted(path.open_flags().values())
