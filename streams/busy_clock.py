"""Counts how long a stage is inside batches, of which several may overlap."""

import time

from infra import metrics


class BusyClock:
    """Counts the time during which at least one batch is in work."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._in_work = 0
        self._since = 0.0

    def __enter__(self) -> None:
        self._in_work += 1
        if self._in_work == 1:
            self._since = time.perf_counter()

    def __exit__(self, *fault: object) -> None:
        self._in_work -= 1
        if self._in_work == 0:
            metrics.STAGE_BUSY_SECONDS.labels(self._stage).inc(time.perf_counter() - self._since)
