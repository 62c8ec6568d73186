"""A door runs one replay at a time, whatever happens to its process.

There is no broker here: a replay waits for one until something ends it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import pytest
from anyio.from_thread import start_blocking_portal

from api.backends.replay_jobs import RESULT_HOLDS_S, AnotherRuns, ReplayFailed, Replays, Running
from infra.processes import Identity, recorded
from infra.replays.request import ReplayRequest
from infra.settings import Settings
from tests.plain_settings import plain_settings
from tests.waiting import BOUND_S, wait_until

DAY = timedelta(days=1)
BEGIN = datetime(2021, 9, 15, tzinfo=UTC)
REQUEST = ReplayRequest(BEGIN, BEGIN + DAY, None)
OTHER = ReplayRequest(BEGIN, BEGIN + DAY, 3)
NOBODY = "127.0.0.1:9"
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
Ask = Callable[[ReplayRequest], Running | bytes]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return plain_settings(data_dir=tmp_path, bootstrap_servers=NOBODY)


@contextmanager
def door(settings: Settings) -> Iterator[Ask]:
    with start_blocking_portal() as portal:
        replays = portal.call(Replays, settings)
        try:
            yield lambda request: portal.call(replays.ask, request)
        finally:
            portal.call(replays.close)


@pytest.fixture
def ask(settings: Settings) -> Iterator[Ask]:
    with door(settings) as ask:
        yield ask


def child(settings: Settings) -> Identity:
    """Returns the process of the replay that runs."""

    def running() -> Identity | None:
        for record in (settings.data_dir / "replays").glob("*/pid"):
            identity = recorded(record)
            if identity is not None:
                return identity
        return None

    return wait_until(running, what="the process")


def failure(ask: Ask, request: ReplayRequest) -> str:
    """Returns what the door says when the process has ended."""

    def reason() -> str | None:
        try:
            ask(request)
        except ReplayFailed as failed:
            return str(failed)
        return None

    return wait_until(reason, what="the replay to fail")


def left_in(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "replays").iterdir() if path.is_dir()]


def test_the_same_request_again_begins_nothing_new(settings: Settings, ask: Ask) -> None:
    assert ask(REQUEST) == Running(0, 0)
    assert ask(REQUEST) == Running(0, 0)
    assert len(left_in(settings)) == 1


def test_another_request_is_refused_while_one_runs(settings: Settings, ask: Ask) -> None:
    ask(REQUEST)
    with pytest.raises(AnotherRuns, match="one runs at a time"):
        ask(OTHER)
    assert len(left_in(settings)) == 1


def test_another_door_of_the_same_data_is_refused(settings: Settings, ask: Ask) -> None:
    ask(REQUEST)
    with door(settings) as other, pytest.raises(AnotherRuns, match="at another door"):
        other(OTHER)


def test_a_killed_process_is_reported_once_and_then_begun_anew(
    settings: Settings, ask: Ask
) -> None:
    ask(REQUEST)
    os.kill(child(settings).pid, signal.SIGKILL)
    assert "ended with -9: see replays/" in failure(ask, REQUEST)
    (left,) = left_in(settings)
    assert ask(REQUEST) == Running(0, 0)
    wait_until(lambda: not left.exists(), what="the killed one's directory to be gone")


def test_a_broker_that_is_away_is_reported(settings: Settings, ask: Ask) -> None:
    ask(REQUEST)
    assert failure(ask, REQUEST) == "kafka is unavailable: _TRANSPORT"


def test_a_data_directory_without_room_for_it_is_reported(settings: Settings, ask: Ask) -> None:
    (settings.data_dir / "replays").write_text("in the way")
    with pytest.raises(ReplayFailed, match="cannot be made"):
        ask(REQUEST)


def test_one_that_takes_too_long_is_ended(settings: Settings) -> None:
    with door(settings.model_copy(update={"replay_longest_s": 0.2})) as ask:
        ask(REQUEST)
        assert "it took longer than 0.2 s" in failure(ask, REQUEST)


def test_the_process_ends_with_its_door(settings: Settings) -> None:
    with door(settings) as ask:
        ask(REQUEST)
        process = child(settings)
    assert not process.alive


def test_what_a_killed_door_left_behind_is_gone_its_process_too(
    settings: Settings, ask: Ask
) -> None:
    left = settings.data_dir / "replays" / "left-behind"
    (left / "rocksdb").mkdir(parents=True)
    (left / "rocksdb" / "CURRENT").write_text("MANIFEST-000001")
    with subprocess.Popen(
        [sys.executable, "-m", "infra.stack.launch", str(left / "pid"), *SLEEP]
    ) as process:
        wait_until(lambda: recorded(left / "pid"), what="the process that was left behind")
        ask(REQUEST)
        assert process.wait(BOUND_S) == -signal.SIGTERM
    wait_until(lambda: not left.exists(), what="the directory that was left behind to be gone")


def keep(settings: Settings, request: ReplayRequest, age_s: float) -> Path:
    path = settings.data_dir / "replays" / f"{request.id}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b'{"state":"done"}')
    os.utime(path, (time() - age_s,) * 2)
    return path


def test_a_result_answers_for_a_while_also_while_another_runs(settings: Settings, ask: Ask) -> None:
    keep(settings, OTHER, RESULT_HOLDS_S / 2)
    ask(REQUEST)
    assert ask(OTHER) == b'{"state":"done"}'


def test_an_old_result_is_made_anew(settings: Settings, ask: Ask) -> None:
    keep(settings, REQUEST, RESULT_HOLDS_S + 1)
    assert ask(REQUEST) == Running(0, 0)


def test_a_policy_adopted_anew_under_its_name_is_another_request() -> None:
    adopted_anew = ReplayRequest(BEGIN, BEGIN + DAY, 4)
    longer = ReplayRequest(BEGIN, BEGIN + 2 * DAY, 3)
    assert len({REQUEST.id, OTHER.id, adopted_anew.id, longer.id}) == 4
