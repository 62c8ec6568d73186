"""The real ClickHouse with the product's tables, for tests that write their own worlds into it."""

from collections.abc import Iterator

import pytest

from infra.clickhouse.client import connect
from infra.clickhouse.migrate import migrate
from tests.api.tracing.worlds import Worlds
from tests.running_stack import RunningStack


@pytest.fixture(scope="module")
def worlds(servers: RunningStack) -> Iterator[Worlds]:
    migrate(servers.settings)
    with connect(servers.settings, "writer") as client:
        yield Worlds(servers.settings, client)
