"""Says whether a worker may still write for its partitions.

A worker that slept through its session, or was cut off from the broker, has lost its partitions to
another one. It does not know that yet, and must write nothing more for them.

Guarantees: a batch is written only within half a session of a heartbeat that the broker answered.
It is written only under the generation of the group that handed it out. A process that is paused
between this check and the write may still write late: consumers recognise that by its version.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from schemas.contract.errors import Busy
from streams.errors import Superseded

SURE_FOR = 0.5
"""Part of the session for which a heartbeat counts.

What is written by then has arrived, or failed for good, before the broker gives the partitions to
another worker.
"""


@dataclass
class Membership:
    """One process's membership in the group of its stage.

    Heartbeats come from the consumer's thread.
    """

    session_timeout_s: float
    clock: Callable[[], float] = time.monotonic
    generation: int = -1
    """The generation is negative while partitions are being given out anew."""
    confirmed_at: float = 0.0
    watched: Any = field(default=None, repr=False)

    def watch(self, coordinator: Any) -> None:
        """Makes the coordinator note when it sent each heartbeat that the broker answered.

        aiokafka has no public way to learn it.
        """
        if coordinator is self.watched:
            return
        self.watched = coordinator
        beat = coordinator._do_heartbeat

        async def noted_beat() -> bool:
            sent_at = self.clock()
            answered: bool = await beat()
            if answered:
                self.confirmed_at = sent_at
            return answered

        coordinator._do_heartbeat = noted_beat

    def assigned(self, generation: int) -> None:
        self.generation = generation
        self.confirmed_at = self.clock()

    def revoked(self) -> None:
        self.generation = -1

    def check(self, generation: int) -> None:
        """Raises unless a batch handed out under this generation is surely this worker's.

        Raises `Superseded` once the generation has ended, and `Busy` while that cannot be known.
        """
        if self.generation >= 0 and self.generation != generation:
            raise Superseded(
                f"generation {generation} of the group has ended, it is at {self.generation}"
            )
        confirmed_for_s = self.session_timeout_s * SURE_FOR
        if self.generation < 0 or self.clock() - self.confirmed_at > confirmed_for_s:
            raise Busy(
                "the broker has not confirmed lately that the partition is still this worker's"
            )
