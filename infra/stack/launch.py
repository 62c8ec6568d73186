"""Becomes a part of the stack: records its process, then runs the part in its place.

    python -m infra.stack.launch [--tied] [--drop VARIABLE]... RECORD COMMAND...

With --tied, the part ends when its starter does. This module keeps to the standard library, because
every start of every part goes through it.
"""

import argparse
import ctypes
import os
import signal
import sys
from pathlib import Path

from infra.processes import record

PR_SET_PDEATHSIG = 1


def main() -> None:
    options, path, command = _read_arguments(sys.argv[1:])
    if options.tied:
        _stop_with_parent()
    record(Path(path), os.getpid())
    environment = {name: value for name, value in os.environ.items() if name not in options.drop}
    os.execvpe(command[0], command, environment)  # noqa: S606 -- a command of ours, and no shell is wanted


def _read_arguments(words: list[str]) -> tuple[argparse.Namespace, str, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m infra.stack.launch")
    parser.add_argument("--tied", action="store_true", help="end when the starter ends")
    parser.add_argument(
        "--drop", action="append", default=[], help="a variable that the command must not see"
    )
    parser.add_argument("record")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(words)
    return options, options.record, options.command


def _stop_with_parent() -> None:
    """Has the kernel send SIGTERM when the starter dies, even by SIGKILL, also after the exec."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the starter is gone")


if __name__ == "__main__":
    main()
