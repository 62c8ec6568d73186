"""Reads from each stage's own metrics what it has done since it started."""

from dataclasses import dataclass

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from infra.settings import Settings
from infra.stack.parts import metrics_port
from streams.stages import STAGES

RESPONSE_S = 3.0
RECORDS = "dibiendong_stage_records_total"
BUSY = "dibiendong_stage_busy_seconds_total"
REPLAY_LEFT = "dibiendong_stage_replay_left"


@dataclass(frozen=True, slots=True)
class Work:
    records: int
    busy_s: float
    """Time with at least one batch in work, waiting for the broker or ClickHouse included."""


def stage_work(settings: Settings) -> dict[str, Work]:
    """Sums over the workers of each stage; a worker that does not respond counts nothing."""
    return {stage: _sum(worker_work(settings, stage)) for stage in STAGES}


def replay_left(settings: Settings, stage: str) -> int | None:
    """Returns how many records the workers of a stage have still to fold into a lost state.

    None means that one of them cannot say yet.
    """
    left = 0
    for worker in range(settings.stage_workers):
        of_worker = worker_replay_left(settings, stage, worker)
        if of_worker is None:
            return None
        left += of_worker
    return left


def worker_replay_left(settings: Settings, stage: str, worker: int) -> int | None:
    """Returns how many records one worker has still to fold; None if it cannot say yet."""
    samples = dict(_samples(settings, stage, worker))
    return int(samples[REPLAY_LEFT]) if REPLAY_LEFT in samples else None


def worker_work(settings: Settings, stage: str) -> list[Work]:
    """Returns the work of each worker by itself."""
    return [_work(_samples(settings, stage, worker)) for worker in range(settings.stage_workers)]


def _sum(workers: list[Work]) -> Work:
    return Work(
        records=sum(work.records for work in workers), busy_s=sum(work.busy_s for work in workers)
    )


def _work(samples: list[tuple[str, float]]) -> Work:
    records = sum(value for name, value in samples if name == RECORDS)
    busy_s = sum(value for name, value in samples if name == BUSY)
    return Work(int(records), busy_s)


def _samples(settings: Settings, stage: str, worker: int) -> list[tuple[str, float]]:
    """Returns name and value of every sample; nothing when the worker does not respond."""
    address = f"http://{settings.host}:{metrics_port(settings, stage, worker)}/metrics"
    try:
        text = httpx2.get(address, timeout=RESPONSE_S).text
    except httpx2.HTTPError:
        return []
    samples = []
    for family in text_string_to_metric_families(text):
        samples += [(sample.name, sample.value) for sample in family.samples]
    return samples
