"""The process of ClickHouse in the running stack is given no password and no key."""

from pathlib import Path

import pytest

from infra.environment import secrets
from tests.running_stack import RunningStack

pytestmark = pytest.mark.live


def test_the_engines_environment_holds_no_secret(stack: RunningStack) -> None:
    record = (stack.settings.data_dir / "run" / "clickhouse.pid").read_text().split()
    variables = Path(f"/proc/{record[0]}/environ").read_bytes().decode().split("\0")
    names = {variable.partition("=")[0] for variable in variables}
    assert "DIBIENDONG_CLICKHOUSE_PORT" in names
    assert names.isdisjoint(secrets())
    assert "DIBIENDONG_PERSON_KEY" in secrets()
