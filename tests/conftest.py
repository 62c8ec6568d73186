"""The live tests share this stack: each process of a run has one.

Its parts start when a test first asks for them, and end with the run.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from infra.environment import PREFIX
from tests.running_stack import RunningStack
from tests.slow_files import put_slow_files_first

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
"""A deadline, and the check of how fast examples are drawn, would measure the machine."""

SERVERS = ("kafka", "registry", "clickhouse")
PROMPT: dict[str, Any] = {
    "session_timeout_s": 6.0,
    "sink_pace_s": 0.1,
    "handover_watch_s": 2.0,
}
"""Tests wait for few records at a time, so these waits are shorter than where many come.

A killed worker's partitions are free when its session is over; chaos has the same session.
"""


def pytest_configure(config: pytest.Config) -> None:
    """Lets pytest-xdist hand files out in their order, not those of most tests first."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    put_slow_files_first(items)


@pytest.fixture(scope="session")
def empty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Yields a stack that runs whatever its `require` is asked for."""
    for name in [
        name for name in os.environ if name.startswith(PREFIX) and not name.endswith("_CACHE_DIR")
    ]:
        del os.environ[name]
    planned = RunningStack.plan(tmp_path_factory.mktemp("stack"), **PROMPT)
    try:
        yield planned
    finally:
        planned.down()


@pytest.fixture(scope="session")
def servers(empty_stack: RunningStack) -> RunningStack:
    """Kafka, the schema registry and ClickHouse run, and hold only what tests put there."""
    empty_stack.require(*SERVERS)
    return empty_stack


@pytest.fixture(scope="session")
def stack(empty_stack: RunningStack) -> RunningStack:
    """The whole system runs: servers, topics, schemas, tables, stages, API."""
    empty_stack.require()
    return empty_stack


@pytest.fixture(scope="session")
def path(empty_stack: RunningStack) -> RunningStack:
    """The stages run, and what they need; the doors need not."""
    empty_stack.require("link", "identify", "screen", "project")
    return empty_stack
