"""One replay at a time for a door, whatever happens to its process. No broker is here: a replay waits for one until something ends it."""

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

from api.backends.replay_jobs import KEPT_S, AnotherRuns, ReplayFailed, Replays, Running
from infra.processes import Identity, recorded
from infra.replays.request import Asked
from infra.settings import Settings
from tests.plain_settings import plain_settings
from tests.waiting import BOUND_S, wait_until

DAY = timedelta(days=1)
BEGIN = datetime(2021, 9, 15, tzinfo=UTC)
ASKED, OTHER = Asked(BEGIN, BEGIN + DAY, None), Asked(BEGIN, BEGIN + DAY, 3)
NOBODY = "127.0.0.1:9"
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
Ask = Callable[[Asked], Running | bytes]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return plain_settings(data_dir=tmp_path, bootstrap_servers=NOBODY)


@contextmanager
def door(settings: Settings) -> Iterator[Ask]:
    with start_blocking_portal() as portal:
        replays = portal.call(Replays, settings)
        try:
            yield lambda asked: portal.call(replays.ask, asked)
        finally:
            portal.call(replays.close)


@pytest.fixture
def ask(settings: Settings) -> Iterator[Ask]:
    with door(settings) as ask:
        yield ask


def child(settings: Settings) -> Identity:
    """Of the replay that runs."""
    return wait_until(
        lambda: next(
            filter(None, map(recorded, (settings.data_dir / "replays").glob("*/pid"))), None
        ),
        what="the process",
    )


def failure(ask: Ask, asked: Asked) -> str:
    """What the door tells when the process has ended."""

    def told() -> str | None:
        try:
            ask(asked)
        except ReplayFailed as failed:
            return str(failed)
        return None

    return wait_until(told, what="the replay to fail")


def left_in(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "replays").iterdir() if path.is_dir()]


def test_the_same_question_again_begins_nothing_new(settings: Settings, ask: Ask) -> None:
    assert ask(ASKED) == Running(0, 0)
    assert ask(ASKED) == Running(0, 0)
    assert len(left_in(settings)) == 1


def test_another_question_is_refused_while_one_runs(settings: Settings, ask: Ask) -> None:
    ask(ASKED)
    with pytest.raises(AnotherRuns, match="one runs at a time"):
        ask(OTHER)
    assert len(left_in(settings)) == 1


def test_another_door_of_the_same_data_is_refused(settings: Settings, ask: Ask) -> None:
    ask(ASKED)
    with door(settings) as other, pytest.raises(AnotherRuns, match="at another door"):
        other(OTHER)


def test_a_killed_process_is_told_once_and_then_begun_anew(settings: Settings, ask: Ask) -> None:
    ask(ASKED)
    os.kill(child(settings).pid, signal.SIGKILL)
    assert "ended with -9: see replays/" in failure(ask, ASKED)
    (left,) = left_in(settings)
    assert ask(ASKED) == Running(0, 0)
    wait_until(lambda: not left.exists(), what="the killed one's directory to be gone")


def test_a_broker_that_is_away_is_told(settings: Settings, ask: Ask) -> None:
    ask(ASKED)
    assert failure(ask, ASKED) == "kafka is unavailable: _TRANSPORT"


def test_a_data_directory_without_room_for_it_is_told(settings: Settings, ask: Ask) -> None:
    (settings.data_dir / "replays").write_text("in the way")
    with pytest.raises(ReplayFailed, match="cannot be made"):
        ask(ASKED)


def test_one_that_takes_too_long_is_ended(settings: Settings) -> None:
    with door(settings.model_copy(update={"replay_longest_s": 0.2})) as ask:
        ask(ASKED)
        assert "it took longer than 0.2 s" in failure(ask, ASKED)


def test_the_process_ends_with_its_door(settings: Settings) -> None:
    with door(settings) as ask:
        ask(ASKED)
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
        ask(ASKED)
        assert process.wait(BOUND_S) == -signal.SIGTERM
    wait_until(lambda: not left.exists(), what="the directory that was left behind to be gone")


def keep(settings: Settings, asked: Asked, age_s: float) -> Path:
    path = settings.data_dir / "replays" / f"{asked.id}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b'{"state":"done"}')
    os.utime(path, (time() - age_s,) * 2)
    return path


def test_a_result_answers_for_a_while_also_beside_one_that_runs(
    settings: Settings, ask: Ask
) -> None:
    keep(settings, OTHER, KEPT_S / 2)
    ask(ASKED)
    assert ask(OTHER) == b'{"state":"done"}'


def test_an_old_result_is_made_anew(settings: Settings, ask: Ask) -> None:
    keep(settings, ASKED, KEPT_S + 1)
    assert ask(ASKED) == Running(0, 0)


def test_a_policy_adopted_anew_under_its_name_is_another_question() -> None:
    assert (
        len(
            {
                ASKED.id,
                OTHER.id,
                Asked(BEGIN, BEGIN + DAY, 4).id,
                Asked(BEGIN, BEGIN + 2 * DAY, 3).id,
            }
        )
        == 4
    )
