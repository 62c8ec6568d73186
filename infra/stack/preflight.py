"""Looks at the machine before anything is installed.

    python3 -I infra/stack/preflight.py DIRECTORY

It names each thing that is missing in one sentence. It runs on whatever Python the machine has. It
therefore keeps to the standard library and to the syntax of Python 3.6, and quotes annotations that
Python 3.6 does not know.
"""

import os
import platform
import shutil
import sys

OLDEST = (3, 11)
ROOM_MB = 3000
PROCESSORS = ("x86_64", "aarch64")


def problems(directory: str, room_mb: int = ROOM_MB) -> "list[str]":
    """Returns every problem as one sentence that says what is wrong and what to do."""
    sentences = (
        python_too_old(),
        no_venv(),
        wrong_system(),
        no_room(directory, room_mb),
        not_writable(directory),
    )
    return [sentence for sentence in sentences if sentence]


def python_too_old(version: "tuple[int, ...]" = sys.version_info[:3]) -> "str | None":
    if tuple(version[:2]) < OLDEST:
        dotted = ".".join(str(part) for part in version)
        return (
            "Python {} is too old: install Python {}.{} or newer, "
            "and name it with 'make PYTHON=/path/to/python3 ...' if it is not the first in PATH."
        ).format(dotted, *OLDEST)
    return None


def no_venv() -> "str | None":
    try:
        import ensurepip  # noqa: F401 -- Debian ships Python without it
        import venv  # noqa: F401 -- as above
    except ImportError:
        name = "python{}.{}-venv".format(*sys.version_info[:2])
        return (
            f"{sys.executable} cannot make virtual environments: "
            f"install its venv module (on Debian and Ubuntu the package {name})."
        )
    return None


def wrong_system(
    system: str = platform.system(),
    processor: str = platform.machine(),
    libc: str = platform.libc_ver()[0],
) -> "str | None":
    if system != "Linux" or processor not in PROCESSORS or libc != "glibc":
        return "This is {} on {} with {}: use a Linux with glibc on {}.".format(
            system, processor, libc or "another C library", " or ".join(PROCESSORS)
        )
    return None


def no_room(directory: str, room_mb: int) -> "str | None":
    free_mb = shutil.disk_usage(directory).free // 1000000
    if free_mb < room_mb:
        return (
            f"The disk of {directory} has {free_mb} MB free and set-up needs {room_mb}: "
            "free some space, or move the checkout."
        )
    return None


def not_writable(directory: str) -> "str | None":
    if not os.access(directory, os.W_OK):
        return f"{directory} cannot be written: change its owner or rights, or move the checkout."
    return None


def main() -> None:
    sentences = problems(sys.argv[1])
    for sentence in sentences:
        sys.stderr.write(f"set-up: {sentence}\n")
    sys.exit(2 if sentences else 0)


if __name__ == "__main__":
    main()
