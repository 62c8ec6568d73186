"""A process is known again by id and start time, and only that very process is ever ended."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.processes import Identity, end, record, recorded
from tests.waiting import BOUND_S, wait_until

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('ready', flush=True); time.sleep(60)"
)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], text=True
    ) as process:
        yield process
        process.kill()


def test_a_recorded_process_is_found_while_it_runs_and_not_after(
    sleeper: subprocess.Popen[str], tmp_path: Path
) -> None:
    record(tmp_path / "part.pid", sleeper.pid)
    identity = recorded(tmp_path / "part.pid")
    assert identity and identity.pid == sleeper.pid
    sleeper.kill()
    wait_until(lambda: recorded(tmp_path / "part.pid") is None, what="the record to be void")


def test_a_recycled_id_is_not_taken_for_the_recorded_process(
    sleeper: subprocess.Popen[str], tmp_path: Path
) -> None:
    path = tmp_path / "part.pid"
    path.write_text(f"{sleeper.pid} 1 of-another-boot\n")
    assert recorded(path) is None
    end([Identity(sleeper.pid, "1 of-another-boot")], timeout_s=0.1)
    assert sleeper.poll() is None


def test_a_process_that_ignores_the_request_to_stop_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        identity = Identity.of(process.pid)
        assert identity is not None
        end([identity], timeout_s=0.3)
        assert process.wait(BOUND_S) == -9


@pytest.mark.parametrize("content", ["", "garbage", "12x 3 4"])
def test_a_damaged_record_names_no_process(content: str, tmp_path: Path) -> None:
    (tmp_path / "part.pid").write_text(content)
    assert recorded(tmp_path / "part.pid") is None


def test_this_process_is_alive() -> None:
    own = Identity.of(os.getpid())
    assert own and own.alive
