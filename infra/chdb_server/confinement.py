"""Confines this process to its own data.

The kernel's Landlock refuses every other file, and every outgoing connection. This stands behind
the policy on statements: a way round that policy still reads no token, no key and no other process.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from landlockpy import AccessFS, AccessNet, Ruleset, supported

READ = AccessFS.EXECUTE | AccessFS.READ_FILE | AccessFS.READ_DIR
READ_AND_WRITE_FILE = AccessFS.READ_FILE | AccessFS.WRITE_FILE
CONNECT = AccessNet.CONNECT_TCP | AccessNet.CONNECT_SEND_UDP
ALL_RIGHTS = AccessFS((1 << 17) - 1)

SYSTEM = [
    "/usr",
    "/lib",
    "/lib64",
    "/sys/devices/system",
    "/sys/fs/cgroup",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/vmstat",
    "/proc/sys/vm",
    "/proc/sys/kernel",
    "/proc/mounts",
    "/proc/filesystems",
]
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
NO_LANDLOCK = (
    "This kernel has no Landlock: "
    "only the policy on statements keeps readers from files of this account. "
    "Run the server under a user of its own."
)


def confine(data: Path) -> str | None:
    """Keeps this process, from now on, to `data` and what its program needs.

    Returns a sentence where it cannot. It has to run before the first thread starts, since only the
    calling thread and its children are confined.
    """
    if not supported():
        return NO_LANDLOCK
    data.mkdir(parents=True, exist_ok=True)
    with Ruleset(handled_net=CONNECT) as rules:
        for path in _program_files():
            _allow(rules, path, READ)
        for device in DEVICES:
            _allow(rules, Path(device), READ_AND_WRITE_FILE)
        _allow(rules, data, ALL_RIGHTS)
        rules.restrict()
    return None


def _program_files() -> Iterator[Path]:
    """Yields what the interpreter, its packages, this package and the engine read."""
    for path in (*SYSTEM, sys.prefix, sys.base_prefix):
        yield Path(path)
    checkout = Path(__file__).resolve().parents[2]
    for folder in checkout.iterdir():
        if (folder / "__init__.py").exists():
            yield folder


def _allow(rules: Ruleset, path: Path, access: AccessFS) -> None:
    if not path.exists():
        return
    file_rights = access if path.is_dir() else access & ~AccessFS.READ_DIR
    rules.allow_path(path, file_rights)
