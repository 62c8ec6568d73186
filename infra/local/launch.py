"""Becomes a part of the stack: records the process, ties its life to its starter's, then runs the part in its place.

    python -m infra.local.launch [--tied] RECORD COMMAND...

Kept to the standard library, because every start of every part goes through it.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

from infra.local.processes import record

PR_SET_PDEATHSIG = 1


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[0] == "--tied":
        arguments = arguments[1:]
        stop_with_parent()
    path, *command = arguments
    record(Path(path), os.getpid())
    os.execvp(command[0], command)  # noqa: S606 -- the command comes from the table of parts, and no shell is wanted


def stop_with_parent() -> None:
    """The kernel sends SIGTERM when the starter dies, even by SIGKILL; the request outlives the exec."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the starter is gone")


if __name__ == "__main__":
    main()
