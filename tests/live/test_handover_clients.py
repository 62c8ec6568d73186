"""The example client and the command go from a case to lists and a dossier."""

import os
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from infra.environment import for_child
from infra.tools.doors_client import DoorsClient, token_of
from tests.outbreak import Outbreak
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live


def test_the_example_client_goes_from_a_case_to_lists_and_a_dossier(
    stack: RunningStack, doors: DoorsClient, tmp_path: Path
) -> None:
    outbreak = Outbreak(stack, doors)
    trace = {
        "person_id": outbreak.case,
        "onset_at": "2021-10-08",
        "isolated_at": "2021-10-09",
        "depth": 1,
    }
    wait_until(lambda: outbreak.at_home(trace) == 2, what="the contacts")
    example = Path(__file__).parents[2] / "docs" / "examples" / "trace_a_case.py"
    options = {
        "--address": stack.settings.api,
        "--token": token_of(stack.settings, "tracer"),
        "--dossier": str(tmp_path / "dossier.pdf"),
        "--document": outbreak.number,
        "--onset": "2021-10-08",
        "--isolated": "2021-10-09",
        "--follow-days": "14",
    }
    done = subprocess.run(
        [sys.executable, example, *chain.from_iterable(options.items())],
        capture_output=True,
        text=True,
        timeout=BOUND_S,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert "F1 2, F2 0 by Quyết định 3638/QĐ-BYT" in done.stdout
    assert "2 lists wait at their communes" in done.stdout
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF-")
    case_id = done.stdout.split()[1]

    def command(*words: str) -> str:
        program = [sys.executable, "-c", "from infra.tools.cli import main; main()", *words]
        environment = os.environ | for_child(stack.settings) | {"COLUMNS": "200"}
        return subprocess.run(
            program, env=environment, capture_output=True, text=True, timeout=BOUND_S, check=True
        ).stdout

    assert command("handover", case_id, "--show").count("waiting") == 2
    again = command("handover", case_id)
    assert "0 lists issued, 2 unchanged" in again
    assert "as at the last hand-over: follow_days" in again
    assert "2 lists issued" in command("handover", case_id, "--follow-days", "21")
    assert "F1 2, F2 0 from" in command("trace", "forward", "--case", case_id)
    assert f"site:{outbreak.site}"[:20] in command(
        "trace", "backward", outbreak.case, "--onset", "2021-10-08", "--back", "7"
    )
    period = ("--from", "2021-10-07", "--to", "2021-10-09")
    assert "1 steps" in command(
        "trace", "path", outbreak.case, "--other", outbreak.neighbours[0], *period
    )
