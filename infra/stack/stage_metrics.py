"""What each stage has done since it started, read from its own metrics."""

from dataclasses import dataclass

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from infra.settings import Settings
from infra.stack.parts import metrics_port
from streams.stages import STAGES

ANSWER_S = 3.0


@dataclass(frozen=True, slots=True)
class Work:
    records: int
    busy_s: float
    """Time with at least one batch in work, waiting for the broker or ClickHouse included."""


def stage_work(settings: Settings) -> dict[str, Work]:
    """Sums over the workers of each stage; a worker that does not answer counts nothing."""
    return {stage: _sum(settings, stage) for stage in STAGES}


def replay_left(settings: Settings, stage: str) -> int | None:
    """Records that the workers of a stage have still to fold into a lost state; None while one of them cannot say."""
    samples = [dict(_samples(settings, stage, worker)) for worker in range(settings.stage_workers)]
    if not all("dibiendong_stage_replay_left" in found for found in samples):
        return None
    return int(sum(found["dibiendong_stage_replay_left"] for found in samples))


def worker_work(settings: Settings, stage: str) -> list[Work]:
    """Of each worker by itself."""
    return [_work(_samples(settings, stage, worker)) for worker in range(settings.stage_workers)]


def _sum(settings: Settings, stage: str) -> Work:
    each = worker_work(settings, stage)
    return Work(sum(one.records for one in each), sum(one.busy_s for one in each))


def _work(samples: list[tuple[str, float]]) -> Work:
    records = sum(value for name, value in samples if name == "dibiendong_stage_records_total")
    return Work(
        int(records),
        sum(value for name, value in samples if name == "dibiendong_stage_busy_seconds_total"),
    )


def _samples(settings: Settings, stage: str, worker: int) -> list[tuple[str, float]]:
    try:
        text = httpx2.get(
            f"http://{settings.host}:{metrics_port(settings, stage, worker)}/metrics",
            timeout=ANSWER_S,
        ).text
    except httpx2.HTTPError:
        return []
    return [
        (sample.name, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
