"""Picks free ports for a stack beside others, such as one for tests."""

import random

from infra.settings import Settings
from infra.stack.ports import free
from streams.stages import STAGES

LOWEST, HIGHEST = 20_000, 32_000
"""Below the range of outgoing connections, which could take a port between this choice and its use."""

SINGLE = ("kafka_port", "kafka_controller_port", "registry_port", "clickhouse_port", "api_port")


def choose(host: str = "127.0.0.1", stage_workers: int = 1) -> dict[str, int]:
    """Values for every port setting."""
    needed = len(SINGLE) + len(STAGES) * stage_workers
    start = random.randrange(LOWEST, HIGHEST - needed)  # noqa: S311 -- two test runs should differ, nothing more
    while not all(free(host, port) for port in range(start, start + needed)):
        start = random.randrange(LOWEST, HIGHEST - needed)  # noqa: S311 -- as above
    return {name: start + i for i, name in enumerate(SINGLE)} | {
        "metrics_port": start + len(SINGLE)
    }


def beside(settings: Settings) -> Settings:
    """The same settings on ports of its own."""
    return settings.model_copy(update=choose(settings.host, settings.stage_workers))
