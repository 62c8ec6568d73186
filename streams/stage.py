"""A stage decodes a batch, folds it purely, writes the outputs and commits effect and position.

Those four steps are the same for every stage; each adds its inputs and its `fold`.
The guard here decides which records a stage cannot use; `streams/runner.py` does the rest.
Guarantee: a record is skipped only as a dead letter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

import msgspec
import structlog

from infra.errors import Unavailable
from infra.kafka.offsets import Place
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import Event
from schemas.contract.terms import DeadLetterKind
from schemas.contract.topics import Topic
from schemas.contract.versions import version_of
from streams.errors import StateLost
from streams.positions import Position

log = structlog.get_logger()

E_co = TypeVar("E_co", bound=Event, covariant=True)


class Received(msgspec.Struct, Generic[E_co], frozen=True, gc=False):
    """One decoded record."""

    event: E_co
    partition: int
    version: int
    """Epoch and offset of the record: of two records of a partition, the later has the higher."""


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """One event that a stage wants written."""

    topic: Topic
    key: str | None
    event: Event


class Work(Protocol):
    """The effect of a batch while it is folded."""

    def nested(self) -> Self: ...

    def absorb(self, child: Self) -> None: ...


W = TypeVar("W", bound=Work)
W_contra = TypeVar("W_contra", bound=Work, contravariant=True)


class Store(Protocol[W]):
    """Holds the effect and, with it, the position."""

    rest_s: float
    """Seconds in which records gather before the next batch, as of the last commit."""

    def begin(self) -> W: ...

    async def commit(self, works: Sequence[W], positions: Mapping[Place, Position]) -> None:
        """Writes the effects of a batch, and the position of each of its partitions.

        Raises `Poison` for an effect that it can never hold. The batch may then be committed in
        parts, with the same result.
        """

    async def position(self, topic: str, partition: int) -> Position | None: ...

    def positions(self) -> Mapping[Place, Position]:
        """Returns every position that the store knows, by topic and partition."""

    def close(self) -> None: ...


class Stage(Protocol[W_contra]):
    """The part of the four steps in which stages differ: the topics they read, and the fold.

    The topics that a stage writes are those of its `Outgoing` events.
    `fold` gets records of one partition, in consecutive parts of any size; the outputs and the
    effect are the same.
    """

    name: str
    inputs: tuple[Topic, ...]
    silent_replay: bool
    """True if outputs of finished offsets are held back when a lost state is folded again.

    That is right where outputs depend on one partition's order alone: they are written already.
    `identify` reads several topics, and says there why its replay is not silent.
    """

    def fold(self, records: Sequence[Received[Any]], work: W_contra) -> list[Outgoing]: ...


class RawRecord(Protocol):
    topic: str
    partition: int
    offset: int
    timestamp: int
    """Milliseconds since 1970."""
    key: bytes | None
    value: bytes | None


CheckOwnership = Callable[[], None]
"""Raises `Busy` or `Superseded` unless the partitions of a batch are surely this worker's.

`streams/membership.py` has the real one.
"""


@dataclass(frozen=True, slots=True)
class Failed:
    """A record that a stage cannot use."""

    record: RawRecord
    kind: DeadLetterKind
    reason: str


class Guard(Generic[W]):
    """Folds records without those that fail.

    Raises `Busy` or `Unavailable` if they must wait, `StateLost` if the state is gone.
    """

    def __init__(self, stage: Stage[W], store: Store[W], codec: Codec) -> None:
        self._stage = stage
        self._store = store
        self._codec = codec

    def fold(
        self, records: Sequence[RawRecord], epoch: int = 0, below: W | None = None
    ) -> tuple[W, list[Outgoing], list[Failed]]:
        """Folds the records of one partition at once; if that fails, record by record.

        Returns the effect, the outputs and the records that failed: only these are left out.
        `epoch` is that of all records. They see what the same batch has in `below`, if anything.
        """
        work = self._begin(below)
        decode = self._codec.decode
        base = version_of(epoch, 0)
        try:
            received = [
                Received(decode(record.value), record.partition, base + record.offset)
                for record in records
            ]
            return work, self._stage.fold(received, work), []
        except (Busy, Unavailable, StateLost):
            raise
        except Exception:  # noqa: BLE001 -- the guard: the cause is found, and named, record by record
            return self._fold_singly(records, base, below)

    def _begin(self, below: W | None) -> W:
        return self._store.begin() if below is None else below.nested()

    def _fold_singly(
        self, records: Sequence[RawRecord], base: int, below: W | None
    ) -> tuple[W, list[Outgoing], list[Failed]]:
        work = self._begin(below)
        outgoing: list[Outgoing] = []
        failed: list[Failed] = []
        for record in records:
            child = work.nested()
            try:
                received = Received(
                    self._codec.decode(record.value), record.partition, base + record.offset
                )
                outgoing += self._stage.fold([received], child)
            except (Busy, Unavailable, StateLost):
                raise
            except Poison as poison:
                failed.append(Failed(record, "poison", str(poison)))
            except Exception as error:
                log.exception(
                    "a stage failed on a record",
                    stage=self._stage.name,
                    topic=record.topic,
                    offset=record.offset,
                )
                failed.append(Failed(record, "unexpected", type(error).__name__))
            else:
                work.absorb(child)
        return work, outgoing, failed
