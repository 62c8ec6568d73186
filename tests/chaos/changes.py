"""The harness changes these things inside a process of a stage; the product knows nothing of it.

It adds moments to stop at, and takes protections away.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from infra.kafka import registry
from infra.kafka.log_identity import read_logs
from infra.kafka.offsets import Place
from infra.kafka.reference import ReferenceFollower
from schemas.contract import codec
from schemas.contract.errors import Busy
from schemas.domain.log_epochs import LogEpochs
from streams import share
from streams.batching import StartingPoint
from streams.log_check import LogCheck
from streams.membership import Membership
from streams.positions import Misfit, Position
from streams.sink import Sink
from streams.stage import Guard, Received
from streams.state import State, StateStore
from streams.worker import StageWorker

EFFECT_LATER_S = 0.3
LARGE = 10
"""A batch with so many outputs has some that will be corrected and that everybody sees."""


def stop_before_writing() -> None:
    """Has the process stop itself with a large batch folded and nothing of it written.

    It does so (SIGSTOP) once the file CHAOS_TRIGGER is there. After that batch it begins no other:
    what it did next might mend what it has written over its successor, and hide it.
    """
    trigger, fold = Path(os.environ["CHAOS_TRIGGER"]), Guard.fold

    def nothing_more(self: Guard[Any], records: Any, epoch: int = 0, below: Any = None) -> Any:
        raise Busy("it was stopped, and that batch was its last")

    def stopping(self: Guard[Any], records: Any, epoch: int = 0, below: Any = None) -> Any:
        folded = fold(self, records, epoch, below)
        if len(folded[1]) >= LARGE and trigger.exists():
            trigger.unlink()
            os.kill(os.getpid(), signal.SIGSTOP)
            Guard.fold = nothing_more  # type: ignore[method-assign] # as below
        return folded

    Guard.fold = stopping  # type: ignore[method-assign] # that is what the harness is for


def position_before_effect() -> None:
    """Writes the position first and the effect a while later, as two writes would have it."""
    commit = StateStore.commit

    async def effect_later(
        self: StateStore, works: Sequence[State], positions: Mapping[Place, Position]
    ) -> None:
        await commit(self, [], positions)
        await asyncio.sleep(EFFECT_LATER_S)
        await commit(self, works, positions)

    StateStore.commit = effect_later  # type: ignore[method-assign] # as above


def no_token() -> None:
    """Takes the deduplication token from inserts.

    None is given, and none that ClickHouse would make of the rows is used.
    """
    insert = Sink._insert

    def without(
        self: Sink, table: str, columns: tuple[str, ...], rows: list[Any], token: str
    ) -> None:
        insert(self, table, columns, rows, f"{uuid4()}" if token else "")

    Sink._insert = without  # type: ignore[method-assign] # as above


def no_guard() -> None:
    """Lets a record that cannot be read or used end the process."""

    def bare(self: Guard[Any], records: Any, epoch: int = 0, below: Any = None) -> Any:
        work = self._begin(below)
        received = [
            Received(self._codec.decode(record.value), record.partition, record.offset)
            for record in records
        ]
        return work, self._stage.fold(received, work), []

    Guard.fold = bare  # type: ignore[method-assign] # as above


def no_seek() -> None:
    """Starts a worker where the group's commits stand, whatever its own store holds."""

    async def as_committed(
        self: StageWorker, committed: Mapping[Any, int], unseen: Sequence[str]
    ) -> Mapping[Any, StartingPoint]:
        self.health.assigned = True
        return {tp: StartingPoint(offset, offset) for tp, offset in committed.items()}

    StageWorker.start_at = as_committed  # type: ignore[method-assign] # as above


def no_log_check() -> None:
    """Takes the broker's log for the one the positions are of, whatever it is."""
    LogCheck.misfits = look_without_judging  # type: ignore[method-assign] # as above
    vars(share)["_refuse_other_records"] = lambda share, position: None


def look_without_judging(self: LogCheck, positions: Mapping[Any, Position]) -> list[Misfit]:
    self._epochs = LogEpochs()
    self._logs = read_logs(self._settings, [topic.name for topic in self._inputs])
    return []


def no_reference_wait() -> None:
    """Starts a stage however much of the reference data it has read."""
    ReferenceFollower.not_ready_because = lambda self: None  # type: ignore[method-assign] # as above


def no_partition_check() -> None:
    """Joins topics whatever their numbers of partitions."""
    LogCheck.unequal_partitions = lambda self: None  # type: ignore[method-assign] # as above


def no_fence() -> None:
    """Writes a batch without asking whether the partition is still this worker's."""
    Membership.check = lambda self, generation: None  # type: ignore[method-assign] # as above


def coordinator_dies() -> None:
    """Has the coordinator of the consumer die at its start, once: the file CHAOS_TRIGGER is there.

    A broker that answered metadata without brokers while it started has done so.
    """
    from aiokafka.consumer.group_coordinator import GroupCoordinator

    trigger, known = Path(os.environ["CHAOS_TRIGGER"]), GroupCoordinator.ensure_coordinator_known

    def is_triggered() -> bool:
        has_trigger = trigger.exists()
        trigger.unlink(missing_ok=True)
        return has_trigger

    async def dying(self: Any) -> None:
        if is_triggered():
            raise AssertionError("Did we not perform bootstrap?")
        await known(self)

    GroupCoordinator.ensure_coordinator_known = dying


def long_fold() -> None:
    """Has one fold last CHAOS_FOLD_S seconds, once the file CHAOS_TRIGGER is there."""
    trigger, fold = Path(os.environ["CHAOS_TRIGGER"]), Guard.fold

    def folding_for_long(self: Guard[Any], records: Any, epoch: int = 0, below: Any = None) -> Any:
        if trigger.exists():
            trigger.unlink()
            time.sleep(float(os.environ["CHAOS_FOLD_S"]))
        return fold(self, records, epoch, below)

    Guard.fold = folding_for_long  # type: ignore[method-assign] # as above


def newer_schema() -> None:
    """Makes the process one of the next release: some of its schemas have a field more."""
    from tests.chaos import upgrade

    for module in (codec, registry):
        vars(module)["schema"] = upgrade.newer_schema
    vars(codec).update(RECORD_TYPES=upgrade.newer_types(), record_writer=upgrade.newer_writer)


CHANGES: Mapping[str, Callable[[], None]] = {
    "stop-before-writing": stop_before_writing,
    "position-before-effect": position_before_effect,
    "no-token": no_token,
    "no-guard": no_guard,
    "no-seek": no_seek,
    "no-log-check": no_log_check,
    "no-check-of-the-end": no_log_check,
    "no-check-of-the-topic": no_log_check,
    "no-check-of-the-cluster": no_log_check,
    "no-reference-wait": no_reference_wait,
    "no-partition-check": no_partition_check,
    "no-fence": no_fence,
    "coordinator-dies": coordinator_dies,
    "long-fold": long_fold,
    "newer-schema": newer_schema,
}
