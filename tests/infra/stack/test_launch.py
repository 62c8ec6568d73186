"""A launched part leaves a record of itself, and does not outlive a starter it is tied to."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from infra.processes import recorded
from tests.waiting import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STARTER = "import subprocess, sys; subprocess.Popen(sys.argv[1:]).wait()"


def test_the_record_names_the_part_itself(tmp_path: Path) -> None:
    path = tmp_path / "run" / "part.pid"
    with subprocess.Popen(
        [sys.executable, "-m", "infra.stack.launch", str(path), *SLEEP]
    ) as process:
        identity = wait_until(lambda: recorded(path), what="the record")
        assert identity.pid == process.pid
        process.kill()


def test_a_tied_part_stops_when_its_starter_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "part.pid"
    launch = [sys.executable, "-m", "infra.stack.launch", "--tied", str(path), *SLEEP]
    with subprocess.Popen([sys.executable, "-c", STARTER, *launch]) as starter:
        identity = wait_until(lambda: recorded(path), what="the record")
        os.kill(starter.pid, signal.SIGKILL)
        wait_until(lambda: not identity.alive, what="the part to stop")


def test_a_dropped_variable_does_not_reach_the_part(tmp_path: Path) -> None:
    tell = [sys.executable, "-c", "import os; print(sorted(set(os.environ) & {'KEPT', 'SECRET'}))"]
    launch = [
        sys.executable,
        "-m",
        "infra.stack.launch",
        "--drop",
        "SECRET",
        str(tmp_path / "part.pid"),
        *tell,
    ]
    variables = os.environ | {"KEPT": "1", "SECRET": "2"}
    done = subprocess.run(launch, env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['KEPT']"
