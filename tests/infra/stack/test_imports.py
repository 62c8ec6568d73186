"""The commands of the stack start quickly: they load no library of the parts that they start."""

import subprocess
import sys

HEAVY = {"chdb", "fastapi", "faust", "mode", "rocksdict"}


def test_the_command_loads_none_of_the_parts_own_libraries() -> None:
    program = "import sys, infra.tools.cli, infra.stack.stack; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert HEAVY.isdisjoint(done.stdout.split())
