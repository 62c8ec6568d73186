"""Tables that were lost fill again from the log, and the doors say so until they have."""

import shutil
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest

from infra.settings import CHECKOUT
from infra.stack import control
from infra.stack.places import Places
from infra.tools.doors_client import DoorsClient, token_of
from tests.live.test_outages import ANSWERED_WITHIN_S, DOSE
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = [pytest.mark.live, pytest.mark.long]

HEADER = "x-tables-incomplete-since"
DOSES = 20


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Yields a stack apart from the shared one, because this test deletes its tables."""
    planned = RunningStack.plan(tmp_path_factory.mktemp("lost tables"))
    try:
        planned.require()
        yield planned
    finally:
        planned.down()


def tables(stack: RunningStack) -> dict[str, object]:
    answer = httpx2.get(f"{stack.settings.api}/readyz", timeout=ANSWERED_WITHIN_S)
    found: dict[str, object] = answer.json()["tables"]
    return found


def header(stack: RunningStack) -> str | None:
    headers = {"Authorization": f"Bearer {token_of(stack.settings, 'admin')}"}
    answer = httpx2.get(
        f"{stack.settings.api}/overrides", headers=headers, timeout=ANSWERED_WITHIN_S
    )
    value: str | None = answer.headers.get(HEADER)
    return value


def test_doors_say_that_lost_tables_are_incomplete_until_they_are_filled(
    own: RunningStack,
) -> None:
    with DoorsClient(own.settings, "admin") as doors:
        for number in range(DOSES):
            doors.post("/vaccinations", DOSE | {"dose_number": number % 3 + 1})
    own.wait_idle()
    wait_until(lambda: tables(own)["complete"], what="the door to know its tables", poll_s=0.5)
    assert header(own) is None

    socket = Places.of(own.settings).socket
    control.stop(socket, own.unit("project"))
    control.stop(socket, own.unit("clickhouse"))
    shutil.rmtree(own.settings.data_dir / "clickhouse")
    control.start(socket, own.unit("clickhouse"))
    own.wait_ready("clickhouse")
    migrate = [sys.executable, "-m", "infra.clickhouse.migrate"]
    subprocess.run(migrate, env=own.env, cwd=CHECKOUT, check=True)

    wait_until(lambda: tables(own)["complete"] is False, what="the door to notice", poll_s=0.5)
    lost = tables(own)
    assert lost["since"] is not None
    assert isinstance(lost["records_left"], int)
    assert lost["records_left"] >= DOSES
    assert header(own) is not None
    control.start(socket, own.unit("project"))
    wait_until(lambda: tables(own)["complete"], what="the tables to be filled", poll_s=0.5)
    assert header(own) is None
