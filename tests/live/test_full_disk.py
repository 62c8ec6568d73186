"""A whole stack on a full disk: doors answer 503, the supervisor lives, and all comes back."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.settings import CHECKOUT
from tests.chaos.disks import in_a_namespace

pytestmark = [pytest.mark.live, pytest.mark.long]

SIZE = "420m"
"""The stack starts in it, and has some room left."""


def test_a_stack_comes_back_by_itself_once_its_disk_has_room_again(tmp_path: Path) -> None:
    mount = [f"mount -t tmpfs -o size={SIZE} none {{0}}"]
    if subprocess.run([*in_a_namespace(mount, tmp_path), "true"], check=False).returncode:
        pytest.skip("this kernel lets nobody mount a small file system")
    command = [sys.executable, "-m", "tests.live.full_disk", str(tmp_path)]
    done = subprocess.run(
        [*in_a_namespace(mount, tmp_path), *command],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
