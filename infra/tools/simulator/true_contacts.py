"""The true meetings of a world, by comparing stays: slow, plain, without the product's code."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from infra.tools.simulator.world import Stay, World

MAX_STAYS_OF_A_DRIVER = 2
"""A vehicle with more stays than a driver's two, one of them at a checkpoint, carried several."""
APART = timedelta(minutes=15)
"""Largest time between two people at a checkpoint that still meet."""


def bus_passenger(world: World) -> str:
    """Returns the personal number of somebody aboard the first bus."""
    stays = Counter(stay.place for stay in world.stays if stay.place.startswith("vehicle"))
    aboard = (stay.person for stay in world.stays if stays[stay.place] > MAX_STAYS_OF_A_DRIVER)
    return next(aboard)


def true_meetings(world: World, number: str, within: timedelta) -> frozenset[tuple[str, str]]:
    """Compares every scan with every scan of the person; returns (own scan, the other's scan)."""
    scans = [happening.body for happening in world.happenings if happening.kind == "scan"]
    own = [scan for scan in scans if world.person_of_scan[scan["scan_id"]] == number]
    others = [scan for scan in scans if world.person_of_scan[scan["scan_id"]] != number]
    meetings = set()
    for mine in own:
        for other in others:
            at_one_checkpoint = other["checkpoint_id"] == mine["checkpoint_id"]
            if at_one_checkpoint and abs(_scanned_at(other) - _scanned_at(mine)) <= within:
                meetings.add((mine["scan_id"], other["scan_id"]))
    return frozenset(meetings)


def true_generations(
    world: World, case: str, since: datetime, until: datetime, depth: int
) -> dict[str, int]:
    """Returns the generation of everybody whom the case leads to, by personal number.

    People meet at a checkpoint within 15 minutes, in a vehicle while both are in it, at home
    always.
    Whoever was met may pass it on from then.
    """
    meetings = _Meetings(world)
    infected, generations, latest = {case: since}, dict[str, int](), [case]
    for generation in range(1, depth + 1):
        earliest = dict[str, datetime]()
        for person in latest:
            for other, at in meetings.of(person, infected[person], until):
                if other != case:
                    earliest[other] = min(at, earliest.get(other, at))
        latest = [
            person
            for person, at in earliest.items()
            if person not in infected or at < infected[person]
        ]
        for person in latest:
            infected[person] = earliest[person]
            generations.setdefault(person, generation)
    return generations


class _Meetings:
    """The world's stays and households, by place and by person."""

    def __init__(self, world: World) -> None:
        self._household = {citizen.number: citizen.household_number for citizen in world.citizens}
        self._members: Mapping[str, list[str]] = defaultdict(list)
        for citizen in world.citizens:
            self._members[citizen.household_number].append(citizen.number)
        self._at_place: Mapping[str, list[Stay]] = defaultdict(list)
        self._of_person: Mapping[str, list[Stay]] = defaultdict(list)
        for stay in world.stays:
            self._at_place[stay.place].append(stay)
            self._of_person[stay.person].append(stay)

    def of(self, person: str, since: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
        """Yields everybody whom the person met within the period, and when."""
        for housemate in self._members[self._household.get(person, "")]:
            if housemate != person:
                yield housemate, since
        for own in self._of_person[person]:
            for other in self._at_place[own.place]:
                at = _met_at(own, other, since, until)
                if at is not None and other.person != person:
                    yield other.person, at


def _met_at(own: Stay, other: Stay, since: datetime, until: datetime) -> datetime | None:
    came, left = max(own.began, other.began), min(own.ended, other.ended)
    if own.place.startswith("checkpoint"):
        met = came - left <= APART and since <= came <= until
    else:
        met = min(left, until) >= max(came, since)
    return max(came, since) if met else None


def _scanned_at(scan: dict[str, str]) -> datetime:
    return datetime.fromisoformat(scan["scanned_at"])
