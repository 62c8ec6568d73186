"""Keeps a process's copy of the reference data.

It reads the whole `reference` topic from its beginning, then follows it.
"""

import threading

import structlog
from confluent_kafka import Message

from infra.errors import Unavailable
from infra.kafka.epochs import read_epochs
from infra.kafka.follow_errors import FollowErrors
from infra.kafka.follower import RETRY_S, LogWentBack, endless
from infra.kafka.log_identity import LogId, PartitionLog, read_logs
from infra.kafka.offsets import ends
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import ReferenceEvent
from schemas.contract.topics import REFERENCE
from schemas.domain.log_epochs import EPOCH_0
from schemas.domain.reference import Reference, ReferenceAsOf

log = structlog.get_logger()
POLL_S = 0.5
MAX_WAIT_S = 0.5


class ReferenceFollower:
    """`current` grows in a thread of its own.

    Poison in the topic is skipped here; the stage `project` sets it aside.
    """

    def __init__(
        self, settings: Settings, codec: Codec, *, accepts_another_log: bool = False
    ) -> None:
        """Whoever judges by versions must not accept another log before it is adopted."""
        self._accepts_another_log = accepts_another_log
        self.current = Reference()
        self._growing = self.current
        """What is read now. While it is read anew, `current` stays what was known before."""
        self.last_record: Message | None = None
        """The newest record that was read, from which a stage remembers which log it knew."""
        self.log_id: LogId | None = None
        self.has_gone_back = False
        """True once the broker had another log, or a shorter one, than was followed before."""
        self._settings = settings
        self._codec = codec
        self._caught_up = threading.Event()
        self._stopping = threading.Event()
        self._beginning_anew = threading.Event()
        self._grown = threading.Condition()
        self._errors = FollowErrors(REFERENCE)
        self.epochs = EPOCH_0
        self._position = 0
        self._end: int | None = None
        """Where the topic ended at the start; None until the broker has said so."""
        self._not_begun_because = "the broker has not said where it ends"
        self._thread = threading.Thread(target=self._follow, name="reference", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    @property
    def ready(self) -> bool:
        """Returns whether everything that was on the topic at the start has been read."""
        return self._caught_up.is_set()

    def not_ready_because(self) -> str | None:
        """Returns how far reading is, or what keeps it from going on; None once it is done."""
        if self.ready:
            return None
        if self._errors.latest is not None:
            return f"the reference data cannot be read: {self._errors.latest}"
        if self._end is None:
            return f"the reference data is not read yet: {self._not_begun_because}"
        return f"the reference data is read: {self._position:,} of {self._end:,} records"

    def wait_ready(self, timeout_s: float) -> bool:
        return self._caught_up.wait(timeout_s)

    @property
    def latest(self) -> ReferenceAsOf:
        """Returns everything this copy has read."""
        return self.current.as_of(self.current.version)

    def as_of(self, version: int) -> ReferenceAsOf:
        """Returns the data as known at `version`. Raises `Busy` if this copy is not there yet."""
        if version > self.current.version and not self._wait_for(version):
            raise Busy(f"reference data is at version {self.current.version}, {version} is needed")
        return self.current.as_of(version)

    def reads_to_end(self, timeout_s: float) -> bool:
        """Returns whether all that the topic has now is read within the time.

        Raises `Unavailable` where the broker does not say how much that is.
        """
        end = ends(self._settings, [REFERENCE]).get((REFERENCE.name, 0), 0)
        with self._grown:
            return self._grown.wait_for(lambda: self._has_read(end), timeout_s)

    def _has_read(self, end: int) -> bool:
        return self._position >= end and self._growing is self.current

    def _wait_for(self, version: int) -> bool:
        with self._grown:
            return self._grown.wait_for(lambda: self.current.version >= version, MAX_WAIT_S)

    def _follow(self) -> None:
        while not self._stopping.is_set():
            if not self._begin():
                continue
            try:
                self._read_on()
            except LogWentBack:
                self.has_gone_back = True
                log.error("the reference data begins anew", topic=REFERENCE.name)
                if not self._accepts_another_log:
                    return

    def _begin(self) -> bool:
        """Learns where the topic ends now and which epochs it has; returns False to try again."""
        try:
            topic_log = self._topic_log()
            epochs = read_epochs(self._settings, self._codec)
        except (Busy, Unavailable) as error:
            self._not_begun_because = str(error)
            log.warning("the reference data cannot be read yet", reason=str(error))
            self._stopping.wait(RETRY_S)
            return False
        self.log_id = topic_log.log_id
        self.epochs = epochs.of_partition(topic_log.log_id.topic_id, 0)
        with self._grown:
            self._position = 0
            self._end = topic_log.end
            self._growing = Reference(version=self.epochs.floor)
            if not self.ready:
                self.current = self._growing
        return True

    def _topic_log(self) -> PartitionLog:
        """Raises `Unavailable`, also where the broker shows this client no such topic."""
        for topic_log in read_logs(self._settings, [REFERENCE.name]).values():
            return topic_log
        raise Unavailable("kafka", f"it shows no topic {REFERENCE.name}, or no right to read it")

    def begin_anew(self) -> None:
        """Reads all of it again, as after an adoption, which gives other versions."""
        self._beginning_anew.set()

    def _read_on(self) -> None:
        self._beginning_anew.clear()
        for message in endless(self._settings, REFERENCE, {0: 0}, self._errors, self._stopping):
            if self._beginning_anew.is_set():
                return
            if message is not None:
                self._take(message)
            self._note_progress()

    def _note_progress(self) -> None:
        """Has what was read count once it is all that was there at the begin."""
        if self._end is None or self._position < self._end:
            return
        if self._growing is not self.current:
            with self._grown:
                self.current = self._growing
                self._grown.notify_all()
        self._caught_up.set()

    def _take(self, message: Message) -> None:
        """Adds a record; one that cannot be read yet is tried again until it can."""
        while not self._apply(message.offset(), message.value()):
            if self._stopping.wait(POLL_S):
                return
        self.last_record = message

    def _apply(self, offset: int, value: bytes | None) -> bool:
        """Returns whether the record is done with; one that cannot be read yet is not."""
        try:
            event = self._codec.decode(value)
        except Poison as poison:
            log.warning("a reference record was skipped", offset=offset, reason=str(poison))
            event = None
        except (Busy, Unavailable):
            return False
        version = self.epochs.version(offset)
        with self._grown:
            if isinstance(event, ReferenceEvent):
                self._growing.add(version, event)
            # What an epoch adopted does not reach beyond is known, too: it is all there is.
            self._growing.version = max(version, self.epochs.floor)
            self._position = offset + 1
            self._grown.notify_all()
        return True
