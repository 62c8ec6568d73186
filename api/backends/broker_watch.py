"""Knows whether the broker takes posts, from the producer's own reports and from probes.

A door that asks the socket alone would count a frozen broker as well. So the watch keeps the time
of the newest evidence: a delivery that succeeded, or a probe that was answered. Old evidence counts
for nothing, so that a probe that hangs does not keep a door ready.
"""

import threading
import time
from collections.abc import Callable

import structlog
from confluent_kafka import KafkaError, KafkaException, Producer

from schemas.contract.topics import CHECKPOINT_SCANS

log = structlog.get_logger()
PROBE_S = 1.0
"""Evidence older than this is renewed by a probe, so a busy door sends none."""
PROBE_RESPONSE_S = 1.5
TRUSTED_S = 4.0
"""The door is not ready when its evidence is older: two probes have failed by then."""
REFUSED_FOR_S = 3.0
"""A delivery that failed outweighs probes for so long: they show answers, and no writes."""
OF_THE_RECORD = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.INVALID_TIMESTAMP,
        KafkaError.INVALID_MSG,
        KafkaError.INVALID_RECORD,
        KafkaError.INVALID_MSG_SIZE,
        KafkaError.RECORD_LIST_TOO_LARGE,
    }
)
"""Errors that say nothing of the broker: it refuses one record, and takes others."""


class BrokerWatch:
    """Runs a thread that probes the broker while deliveries show nothing."""

    def __init__(
        self, probe: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._probe = probe
        self._clock = clock
        self._taken_at = float("-inf")
        self._refused_until = float("-inf")
        self._said = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="broker watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=PROBE_RESPONSE_S + 1)

    @property
    def takes_posts(self) -> bool:
        now = self._clock()
        return now >= self._refused_until and now - self._taken_at < TRUSTED_S

    def note(self, error: KafkaError | None) -> None:
        """Notes the report of one delivery. Safe from any thread."""
        if error is None:
            self._taken_at = self._clock()
            self._refused_until = float("-inf")
        elif error.code() not in OF_THE_RECORD:
            self._refused_until = self._clock() + REFUSED_FOR_S

    def look(self) -> None:
        """Probes the broker if nothing has shown lately that it takes posts."""
        begun = self._clock()
        if begun - self._taken_at >= PROBE_S and self._probe():
            self._taken_at = self._clock()
        self._log_change()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(PROBE_S / 2)

    def _log_change(self) -> None:
        takes_posts = self.takes_posts
        if takes_posts == self._said:
            return
        self._said = takes_posts
        if takes_posts:
            log.info("the broker takes posts")
        else:
            log.error("the broker does not take posts")


def probe_of(producer: Producer) -> Callable[[], bool]:
    """Returns a probe: whether the broker names a leader for each partition of one input."""

    def answers() -> bool:
        try:
            metadata = producer.list_topics(CHECKPOINT_SCANS.name, timeout=PROBE_RESPONSE_S)
        except KafkaException:
            return False
        topic = metadata.topics[CHECKPOINT_SCANS.name]
        has_leaders = all(partition.leader >= 0 for partition in topic.partitions.values())
        return topic.error is None and bool(topic.partitions) and has_leaders

    return answers
