"""Broker or ClickHouse is away: the wait is bounded and the answer clear.

The doors recover without a restart.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from infra.tools.doors_client import DoorsClient, Refused, token_of
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

ANSWERED_WITHIN_S = 60.0
"""Several times what the doors wait for a dependency: without their bound they would hang."""
DEPENDENCIES = [("kafka", "POST", "/vaccinations", 202), ("clickhouse", "GET", "/flags", 200)]
"""Each row names a part, a request that needs it, and the status when all is well."""
DOSE = {
    "document_number": "051190888001",
    "full_name": "A",
    "birth_date": "1990",
    "dose_number": 1,
    "product": "X",
    "administered_on": "2021-08-01",
}


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {token_of(stack.settings, 'admin')}"}
    with httpx2.Client(
        base_url=stack.settings.api, headers=headers, timeout=ANSWERED_WITHIN_S
    ) as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def awake(stack: RunningStack) -> Iterator[None]:
    """Leaves the stack to the next tests when all of it serves again.

    Stages and followers of reference data are included.
    """
    yield
    with DoorsClient(stack.settings, "admin") as doors:
        wait_until(lambda: judges(doors), what="a scan to be judged")
    stack.wait_idle()


def judges(doors: DoorsClient) -> bool:
    checkpoint_id = "after-the-outages"
    checkpoint = {"name": "Chốt", "unit_code": "21190", "valid_from": "2021-05-13"}
    scan = {
        "shown": "051190888001",
        "checkpoint_id": checkpoint_id,
        "direction": "in",
        "scanned_at": "2021-10-05T08:00:00",
    }
    try:
        doors.put(f"/reference/checkpoints/{checkpoint_id}", checkpoint)
        return "decision" in doors.post("/scans?wait_ms=30000", scan)
    except (Refused, httpx2.HTTPError):
        return False


@contextmanager
def frozen(stack: RunningStack, part: str) -> Iterator[None]:
    """Freezes a part, which then neither answers nor dies: the worst a dependency can do."""
    pid = stack.pid(part)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def answers(doors: httpx2.Client, method: str, path: str, body: Any = None) -> int:
    return doors.request(method, path, json=body).status_code


@pytest.mark.parametrize(("part", "method", "path", "healthy"), DEPENDENCIES)
def test_frozen_dependency_is_503_in_bounded_time_and_forgiven_afterwards(
    stack: RunningStack, doors: httpx2.Client, part: str, method: str, path: str, healthy: int
) -> None:
    pid = stack.pid("api")
    body = DOSE if method == "POST" else None
    with frozen(stack, part):
        begun = time.monotonic()
        answer = doors.request(method, path, json=body)
        assert time.monotonic() - begun < ANSWERED_WITHIN_S
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"
    wait_until(
        lambda: answers(doors, method, path, body) == healthy,
        what="the doors to answer again",
        poll_s=0.5,
    )
    assert stack.pid("api") == pid


def test_the_first_question_after_clickhouse_came_back_is_answered(
    stack: RunningStack, doors: httpx2.Client
) -> None:
    assert answers(doors, "GET", "/flags") == 200
    stack.kill("clickhouse")
    stack.wait_ready("clickhouse")
    assert answers(doors, "GET", "/flags") == 200


@pytest.mark.parametrize(("part", "method", "path", "healthy"), DEPENDENCIES)
def test_killed_dependency_comes_back_without_a_restart_of_the_doors(
    stack: RunningStack, doors: httpx2.Client, part: str, method: str, path: str, healthy: int
) -> None:
    pid = stack.pid("api")
    body = DOSE if method == "POST" else None
    stack.kill(part)
    wait_until(
        lambda: answers(doors, method, path, body) == healthy,
        what="the doors to answer again",
        poll_s=0.5,
    )
    assert stack.pid("api") == pid
