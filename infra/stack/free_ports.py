"""Picks free ports for a stack next to others, such as one for tests."""

import random

from infra.settings import Settings
from infra.stack.ports import free
from streams.stages import STAGES

LOWEST, HIGHEST = 20_000, 32_000
"""Both lie below the range of outgoing connections, which could take a port before its use."""

SINGLE = ("kafka_port", "kafka_controller_port", "registry_port", "clickhouse_port", "api_port")


def choose(host: str = "127.0.0.1", stage_workers: int = 1) -> dict[str, int]:
    """Returns a value for every port setting; all lie side by side."""
    needed = len(SINGLE) + len(STAGES) * stage_workers
    start = _draw(needed)
    while not all(free(host, port) for port in range(start, start + needed)):
        start = _draw(needed)
    ports = {name: start + index for index, name in enumerate(SINGLE)}
    return {**ports, "metrics_port": start + len(SINGLE)}


def _draw(needed: int) -> int:
    return random.randrange(LOWEST, HIGHEST - needed)  # noqa: S311 -- two test runs should differ, nothing more


def on_free_ports(settings: Settings) -> Settings:
    """Returns the same settings on ports of their own."""
    return settings.model_copy(update=choose(settings.host, settings.stage_workers))
