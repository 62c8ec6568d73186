"""The live tests share this stack: each process of a run has one.

Its parts start when a test first asks for them, and end with the run.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from infra.environment import PREFIX
from tests.running_stack import RunningStack

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
"""A deadline, and the check of how fast examples are drawn, would measure the machine."""

SERVERS = ("kafka", "registry", "clickhouse")


@pytest.fixture(scope="session")
def empty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Yields a stack that runs whatever its `require` is asked for."""
    for name in [
        name for name in os.environ if name.startswith(PREFIX) and not name.endswith("_CACHE_DIR")
    ]:
        del os.environ[name]
    planned = RunningStack.plan(tmp_path_factory.mktemp("stack"))
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
