"""Says and counts what keeps a process from reading a topic that it follows."""

import time

import structlog
from confluent_kafka import KafkaError

from infra import metrics
from schemas.contract.topics import Topic

LOG_EVERY_S = 10.0
QUIET_AFTER_S = 5.0
"""Reading goes on when no error has come for so long: a lasting one comes back each second."""
log = structlog.get_logger()


class FollowErrors:
    """The errors of one topic: each is counted, and one is logged every ten seconds."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        self._log_at = 0.0
        self._noted_at = 0.0
        self.latest: str | None = None
        """The name of the error that stands in the way now; None while reading goes on."""

    def note(self, error: KafkaError) -> None:
        now = time.monotonic()
        self.latest = error.name()
        self._noted_at = now
        metrics.FOLLOWER_ERRORS.labels(self._topic.name, error.name()).inc()
        if now >= self._log_at:
            self._log_at = now + LOG_EVERY_S
            log.error("a topic cannot be read", topic=self._topic.name, error=error.name())

    def note_silence(self) -> None:
        """Notes that neither a record nor an error has come."""
        if self.latest is not None and time.monotonic() - self._noted_at > QUIET_AFTER_S:
            self.latest = None

    def note_record(self) -> None:
        self.latest = None
