"""A stage that hangs is replaced by its supervisor; a stage that works for long is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from infra.stack import control
from infra.stack.places import Places
from infra.tools.doors_client import DoorsClient
from streams.watchdog import HUNG_SESSIONS
from tests.chaos.guests import Guest, changed
from tests.live.test_outages import DOSE
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

SESSION_S = 3.0
FOLD_S = 60.0
assert FOLD_S > 2 * HUNG_SESSIONS * SESSION_S, "a fold that a watchdog by the clock would end"


@contextmanager
def alone(stack: RunningStack, stage: str) -> Iterator[None]:
    """Stops the supervised worker, so that a guest gets every partition."""
    unit = stack.unit(stage)
    socket = Places.of(stack.settings).socket
    control.stop(socket, unit)
    try:
        yield
    finally:
        control.start(socket, unit)
        stack.wait_ready(stage)


def guest_with(stack: RunningStack, number: int, change: str, trigger: Path) -> Guest:
    more = {
        "CHAOS_TRIGGER": str(trigger),
        "CHAOS_FOLD_S": str(FOLD_S),
        "DIBIENDONG_SESSION_TIMEOUT_S": str(SESSION_S),
    }
    return Guest(stack, "identify", number, changed(change, **more))


def probe(guest: Guest, path: str) -> tuple[int, str]:
    try:
        answer = httpx2.get(f"http://127.0.0.1:{guest._port}{path}", timeout=10)
    except httpx2.HTTPError:
        return 0, ""
    return answer.status_code, answer.text


def test_a_stage_whose_coordinator_died_is_replaced(stack: RunningStack, tmp_path: Path) -> None:
    trigger = tmp_path / "die"
    trigger.touch()
    guest = guest_with(stack, 5, "coordinator-dies", trigger)
    with alone(stack, "identify"):
        guest.start()
        try:
            wait_until(lambda: not trigger.exists(), what="the coordinator to die", poll_s=0.1)
            wait_until(lambda: guest.deaths == 1, what="the process to be ended", poll_s=0.1)
            assert "stage hangs and is ended" in guest.log.read_text()
            guest.wait_ready()
            assert guest.deaths == 1
        finally:
            guest.end()


@pytest.mark.long
def test_a_stage_that_folds_for_a_minute_says_so_and_is_not_ended(
    stack: RunningStack, tmp_path: Path
) -> None:
    trigger = tmp_path / "fold"
    guest = guest_with(stack, 6, "long-fold", trigger)
    with alone(stack, "identify"):
        guest.start()
        try:
            guest.wait_ready()
            trigger.touch()
            with DoorsClient(stack.settings, "admin") as doors:
                doors.post("/vaccinations", DOSE)
            wait_until(lambda: not trigger.exists(), what="the fold to begin")
            wait_until(
                lambda: "busy with a batch for" in probe(guest, "/readyz")[1],
                what="the stage to say that it is busy",
                poll_s=0.2,
            )
            assert probe(guest, "/livez") == (200, "live\n")
            guest.wait_ready()
            assert guest.deaths == 0
        finally:
            guest.end()
