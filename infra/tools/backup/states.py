"""Copies the state of each worker: its stage makes a checkpoint while it goes on working.

A checkpoint is the database as of one instant, with the positions in it. RocksDB makes it of links
to its files, in milliseconds.
"""

import shutil
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import httpx2

from infra.errors import SetupError, Unavailable
from infra.kafka.log_identity import LogId
from infra.settings import Settings
from infra.stack.parts import metrics_port
from infra.tools.backup.manifest import CopiedState
from infra.tools.backup.store import Store
from streams.positions import Position
from streams.stages import STAGES
from streams.state import StateStore

RESPONSE_S = 60.0
STATEFUL = tuple(stage for stage in STAGES if stage != "project")


def copy_states(settings: Settings, store: Store) -> list[CopiedState]:
    """Raises `Unavailable` or `SetupError` where a worker does not make its checkpoint."""
    states: list[CopiedState] = []
    for stage in STATEFUL:
        workers = range(settings.stage_workers)
        states += [_copy_state(settings, store, stage, worker) for worker in workers]
    return states


def restore_states(
    settings: Settings, store: Store, states: list[CopiedState], log_ids: Mapping[str, LogId]
) -> None:
    """Puts the databases where the workers look for them; their positions are then of this log.

    `log_ids` has the ids of the restored topics, by name. Raises `SetupError` where a worker has a
    database already.
    """
    for state in states:
        directory = _directory(settings, state.stage, state.worker) / "rocksdb"
        if directory.exists():
            raise SetupError(f"{directory} exists: restore into an empty data directory.")
        for file in state.files:
            store.copy_out(file, directory / Path(file.name).name)
        _adapt_positions(directory, log_ids)


def _copy_state(settings: Settings, store: Store, stage: str, worker: int) -> CopiedState:
    directory = _make_checkpoint(settings, stage, worker)
    try:
        below = f"state/{stage}/{worker}"
        files = [
            store.copy_in(path, f"{below}/{path.name}") for path in sorted(directory.iterdir())
        ]
        return CopiedState(stage, worker, files)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _make_checkpoint(settings: Settings, stage: str, worker: int) -> Path:
    port = metrics_port(settings, stage, worker)
    address = f"http://{settings.host}:{port}/checkpoint"
    try:
        response = httpx2.post(address, timeout=RESPONSE_S)
    except httpx2.HTTPError as error:
        raise Unavailable(f"{stage}-{worker}", "it does not make a checkpoint") from error
    if response.status_code == HTTPStatus.NOT_IMPLEMENTED:
        raise SetupError(
            f"{stage}-{worker} is of an earlier release, which makes no checkpoints: "
            "bring the stack to this release first ('dibiendong down', then 'dibiendong up')."
        )
    if not response.is_success:
        raise Unavailable(f"{stage}-{worker}", f"no checkpoint: {response.text.strip()}")
    return _directory(settings, stage, worker) / "checkpoint"


def _directory(settings: Settings, stage: str, worker: int) -> Path:
    return settings.data_dir / "state" / stage / str(worker)


def _adapt_positions(directory: Path, log_ids: Mapping[str, LogId]) -> None:
    state = StateStore(directory)
    try:
        for (topic, partition), position in state.positions().items():
            if topic in log_ids:
                state.put_position(topic, partition, _in_log(position, log_ids[topic]))
    finally:
        state.close()


def _in_log(position: Position, log_id: LogId) -> Position:
    """Returns the same position in the restored log, which has the same records there."""
    return Position(position.next_offset, log_id, position.epoch, position.marks)
