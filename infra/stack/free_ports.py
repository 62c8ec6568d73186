"""Finds free ports for a stack next to others, such as one for tests."""

import random

from infra.settings import Settings
from infra.stack.ports import free
from streams.stages import STAGES

LOWEST, HIGHEST = 20_000, 32_000
"""Both lie below the range of outgoing connections, which could take a port before its use."""

SINGLE = ("kafka_port", "kafka_controller_port", "registry_port", "clickhouse_port", "api_port")


def free_ports_for(host: str = "127.0.0.1", stage_workers: int = 1) -> dict[str, int]:
    """Returns a free port for every port setting; all of them lie side by side.

    Each stage worker takes one port, from `metrics_port` on.
    """
    count = len(SINGLE) + len(STAGES) * stage_workers
    first = _random_first(count)
    while not _all_free(host, first, count):
        first = _random_first(count)
    ports = {name: first + index for index, name in enumerate(SINGLE)}
    ports["metrics_port"] = first + len(SINGLE)
    return ports


def _all_free(host: str, first: int, count: int) -> bool:
    return all(free(host, port) for port in range(first, first + count))


def _random_first(count: int) -> int:
    return random.randrange(LOWEST, HIGHEST - count)  # noqa: S311 -- two test runs should differ, nothing more


def on_free_ports(settings: Settings) -> Settings:
    """Returns the same settings on ports of their own."""
    return settings.model_copy(update=free_ports_for(settings.host, settings.stage_workers))
