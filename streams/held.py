"""Holds fetched records until they go into a batch, and says what the next batch has of each.

Guarantees: a batch has at most `batch_max_records` records, and of each of its partitions a fair
share. It has what waits in all partitions, as long as it has room. Where more waits, it has half of
the partitions: the others are folded while its outputs are on their way.
Records of a partition keep their order. Partitions with one number, whatever their topic,
share keys of a stage's state: a batch that has one of them in work keeps the others back. What is
held is bounded, however many partitions there are.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from infra.kafka.offsets import Place
from streams.stage import RawRecord

AHEAD = 2
"""So many batches are fetched ahead."""


class HeldRecords:
    """Records by topic and partition; the place that waits longest for its turn comes first."""

    def __init__(self, batch_max_records: int) -> None:
        self._max = batch_max_records
        self._held: dict[Place, deque[RawRecord]] = {}
        """Only places with records: there may be thousands without."""
        self._numbers_in_work: set[int] = set()
        self._waits_until: dict[Place, float] = {}
        """Places whose records cannot be used yet, with the time at which to try again."""
        self.count = 0

    def add(self, fetched: Mapping[Place, Iterable[RawRecord]]) -> None:
        for place, records in fetched.items():
            held = self._held.setdefault(place, deque())
            before = len(held)
            held.extend(records)
            self.count += len(held) - before
            if not held:
                del self._held[place]

    def put_back(self, place: Place, records: Sequence[RawRecord], until: float) -> None:
        """Takes records back that cannot be used before the time `until`."""
        self._held.setdefault(place, deque()).extendleft(reversed(records))
        self.count += len(records)
        self._waits_until[place] = until

    def drop(self, places: Iterable[Place]) -> None:
        for place in places:
            self.count -= len(self._held.pop(place, ()))
            self._waits_until.pop(place, None)

    def clear(self) -> None:
        self._held.clear()
        self._numbers_in_work.clear()
        self._waits_until.clear()
        self.count = 0

    def places_to_fetch(self, active: Collection[Place]) -> Collection[Place]:
        """Returns the places of which more may be fetched.

        As long as there is room one place may fill it. Then each may have its fair share of it.
        """
        room = AHEAD * self._max
        limit = room if self.count < room else max(1, room // max(1, len(active)))
        full = [place for place, records in self._held.items() if len(records) >= limit]
        return set(active).difference(full) if full else active

    def take(self, now: float, at_least: int = 1) -> list[list[RawRecord]]:
        """Returns the next batch: a list of records for each place that is ready.

        Returns nothing if fewer than `at_least` records are.
        """
        ready = self._ready(now)
        count = sum(len(self._held[place]) for place in ready)
        if count < at_least:
            return []
        if count > self._max:
            ready = _first_half(ready)
        share = max(1, self._max // len(ready))
        return [self._take_of(place, share) for place in ready[: self._max]]

    def done(self, numbers: Iterable[int]) -> None:
        """Notes that a batch with partitions of these numbers has ended."""
        self._numbers_in_work.difference_update(numbers)

    def next_wait_ends(self) -> float | None:
        """Returns when the first place that waits may be tried again; None if none waits."""
        return min(self._waits_until.values(), default=None)

    def _ready(self, now: float) -> list[Place]:
        if self._waits_until:
            self._waits_until = {
                place: until for place, until in self._waits_until.items() if until > now
            }
        ready = []
        for place in self._held:
            _, number = place
            if number not in self._numbers_in_work and place not in self._waits_until:
                ready.append(place)
        return ready

    def _take_of(self, place: Place, share: int) -> list[RawRecord]:
        """Takes a place's share; what is left of it gets its next turn after the others."""
        _, number = place
        self._numbers_in_work.add(number)
        held = self._held.pop(place)
        if len(held) <= share:
            taken = list(held)
        else:
            taken = [held.popleft() for _ in range(share)]
            self._held[place] = held
        self.count -= len(taken)
        return taken


def _first_half(places: list[Place]) -> list[Place]:
    """Returns the places of the first half of the numbers; all of them if there is one number."""
    numbers = list(dict.fromkeys(number for _, number in places))
    first = set(numbers[: (len(numbers) + 1) // 2])
    return [place for place in places if place[1] in first]
