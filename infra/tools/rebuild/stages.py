"""Drops a stage's state and has it folded again from the topics, up to where its group was.

It writes nothing while it folds. The stage stands still until then: what arrives waits in its
topics.
"""

import shutil
import time
from dataclasses import dataclass

from infra.errors import InfraError, SetupError
from infra.settings import Settings
from infra.stack.parts import named
from infra.stack.stage_metrics import replay_left
from infra.stack.supervisor import Supervisor
from infra.tools.rebuild.log import cut_off
from infra.tools.rebuild.progress import LOOK_EVERY_S, Report
from schemas.contract.topics import TOPICS
from streams.stages import STAGES

STATEFUL = tuple(stage for stage in STAGES if stage != "project")
"""Stages with a state of their own; that of `project` is its tables."""


@dataclass(frozen=True, slots=True)
class Refolded:
    records: int
    took_s: float


def rebuild_stage(settings: Settings, stage: str, report: Report) -> Refolded:
    """Raises `SetupError` where no such stage runs here, or the log is no longer whole."""
    _refuse_cut_off(settings, stage)
    supervisor, units = Supervisor.of(settings), named(settings, stage)
    if not supervisor.running:
        remedy = f"stop the workers of {stage}, remove state/{stage}/*/rocksdb of each, start them"
        raise SetupError(f"No stack runs in {settings.data_dir}. Elsewhere: {remedy}.")
    begun = time.monotonic()
    for unit in units:
        supervisor.halt(unit)
    for directory in (settings.data_dir / "state" / stage).glob("*/rocksdb"):
        shutil.rmtree(directory)
    for unit in units:
        supervisor.start(unit)
    records = _wait_until_folded(settings, stage, report)
    return Refolded(records, time.monotonic() - begun)


def _refuse_cut_off(settings: Settings, stage: str) -> None:
    late = cut_off(settings, [topic for topic in TOPICS if stage in topic.consumers])
    if late:
        raise SetupError(
            f"The log lacks records of {', '.join(sorted(late))}, by retention or since a log was "
            f"adopted: the state of {stage} holds what the log no longer does, "
            "and a rebuild would lose it. Nothing was changed."
        )


def _wait_until_folded(settings: Settings, stage: str, report: Report) -> int:
    """Returns how much there was, when every worker says that nothing is left.

    Raises `InfraError` when a worker is not there for long.
    """
    total, heard_at = 0, time.monotonic()
    while (left := replay_left(settings, stage)) != 0:
        if left is not None:
            total, heard_at = max(total, left), time.monotonic()
            report(total - left, total)
        elif time.monotonic() - heard_at > settings.start_timeout_s:
            raise InfraError(
                f"{stage} does not say how far it is: "
                f"see 'dibiendong status' and 'dibiendong logs {stage}'."
            )
        time.sleep(LOOK_EVERY_S)
    report(total, total)
    return total
