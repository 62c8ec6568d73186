"""The doors say whether they take posts: a frozen broker takes none, a frozen ClickHouse does."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from infra.tools.doors_client import token_of
from tests.live.part_clients import dibiendong
from tests.live.test_outages import ANSWERED_WITHIN_S, DOSE, frozen
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

NOTICED_WITHIN_S = 30.0
"""Several times the five seconds it takes on an idle machine."""


def readyz(stack: RunningStack) -> httpx2.Response:
    return httpx2.get(f"{stack.settings.api}/readyz", timeout=ANSWERED_WITHIN_S)


def assert_status_says_frozen(stack: RunningStack, part: str) -> None:
    with ThreadPoolExecutor(2) as at_once:
        asked_status = at_once.submit(dibiendong, stack, "status", "--json")
        asked_doctor = at_once.submit(dibiendong, stack, "doctor")
    status, doctor = asked_status.result(), asked_doctor.result()
    states = {row["name"]: row for row in json.loads(status.stdout)}
    assert (states[part]["state"], status.returncode) == ("frozen", 1)
    assert "does not answer" in states[part]["note"]
    assert f"{part} is frozen" in doctor.stdout
    assert doctor.returncode == 2


def test_a_frozen_broker_makes_the_door_not_ready_until_it_answers_again(
    stack: RunningStack,
) -> None:
    wait_until(lambda: readyz(stack).is_success, what="the door to be ready")
    with frozen(stack, "kafka"):
        wait_until(
            lambda: readyz(stack).status_code == 503, NOTICED_WITHIN_S, what="the door to notice"
        )
        assert readyz(stack).json()["broker"] is False
        assert_status_says_frozen(stack, "kafka")
    wait_until(lambda: readyz(stack).is_success, what="the door to be ready again", poll_s=0.1)


def test_a_frozen_clickhouse_leaves_the_door_ready_and_its_probes_fast(
    stack: RunningStack,
) -> None:
    headers = {"Authorization": f"Bearer {token_of(stack.settings, 'admin')}"}
    wait_until(lambda: readyz(stack).is_success, what="the door to be ready")
    with frozen(stack, "clickhouse"), ThreadPoolExecutor(20) as at_once:
        answers = list(at_once.map(lambda _: readyz(stack), range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert not any(answer.json()["clickhouse"] for answer in answers)
        posted = httpx2.post(
            f"{stack.settings.api}/vaccinations",
            json=DOSE,
            headers=headers,
            timeout=ANSWERED_WITHIN_S,
        )
        assert posted.status_code == 202
        assert_status_says_frozen(stack, "clickhouse")
        flags = httpx2.get(
            f"{stack.settings.api}/flags", headers=headers, timeout=ANSWERED_WITHIN_S
        )
        assert (flags.status_code, "clickhouse" in flags.json()["detail"]) == (503, True)
    wait_until(lambda: readyz(stack).json()["clickhouse"], what="reads to be back", poll_s=0.1)
