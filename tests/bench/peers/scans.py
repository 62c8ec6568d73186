"""Every entrant reads the same scans, made from a seed, and the right flags are known."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from infra.kafka.producer import BatchProducer, Output
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.events import CheckpointScanned
from schemas.contract.ids import DocumentKey, EventId, derive_id
from schemas.contract.topics import Topic
from tests.bench.peers.job import Pair, Seen, speed_limit

POSTS = {
    f"post-{number:02d}": (14.7 + 0.05 * number, 108.6 + 0.03 * (number % 5))
    for number in range(12)
}
FLAGGED, AT_A_TIME = 0.05, 50_000
HONEST_MS, HURRIED_MS = 6 * 3_600_000, 60_000
"""No two checkpoints are more than 65 km apart.

The honest time is a stroll; the hurried one is 300 km/h between the nearest two.
"""
BEGINS_MS = 1_631_664_000_000


@dataclass(frozen=True, slots=True)
class Scans:
    """Everybody is scanned once in each of the `turns`, in the same order.

    A person who comes again is long out of any batch.
    """

    people: int
    turns: int
    seed: int = 4

    @property
    def total(self) -> int:
        return self.people * self.turns

    @property
    def that_may_be_flagged(self) -> int:
        return self.people * (self.turns - 1)

    def each(self) -> Iterator[tuple[DocumentKey, Seen]]:
        draw = random.Random(self.seed)
        names = sorted(POSTS)
        at_ms = [BEGINS_MS] * self.people
        place = [draw.randrange(len(names)) for _ in range(self.people)]
        for turn in range(self.turns):
            for person in range(self.people):
                at_ms[person] += HURRIED_MS if draw.random() < FLAGGED else HONEST_MS
                place[person] = (place[person] + draw.randrange(1, len(names))) % len(names)
                scan_id = derive_id("peers", str(self.seed), str(person), str(turn))
                yield DocumentKey(f"{person:032x}"), (at_ms[person], names[place[person]], scan_id)

    def truth(self) -> frozenset[Pair]:
        too_fast = speed_limit(POSTS)
        last = dict[DocumentKey, Seen]()
        pairs = set[Pair]()
        for document_key, scan in self.each():
            before = last.get(document_key)
            if before is not None and too_fast(before, scan):
                pairs.add((before[2], scan[2]))
            last[document_key] = scan
        return frozenset(pairs)

    def write(self, settings: Settings, topic: Topic) -> None:
        codec, producer, scans = Codec(Registry(settings)), BatchProducer(settings), self.each()
        for _ in range(0, self.total, AT_A_TIME):
            outputs = (
                Output(topic, key, codec.encode(_event(key, scan)))
                for key, scan in islice(scans, AT_A_TIME)
            )
            asyncio.run(producer.write(outputs))


def _event(document_key: DocumentKey, scan: Seen) -> CheckpointScanned:
    at = datetime.fromtimestamp(scan[0] / 1000, UTC)
    return CheckpointScanned(
        event_id=EventId(scan[2]),
        document_key=document_key,
        shown_kind="token",
        checkpoint_id=scan[1],
        direction="in",
        scanned_at=at,
        received_at=at,
        submitted_by="team-1",
        device_id="phone-1",
    )
