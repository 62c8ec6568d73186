"""A full disk ends neither the supervisor nor what it reads, and the logs go on afterwards."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import errno, io, pathlib, sys
from supervisor import loggers
from infra.stack.supervisord import forgive_full_disks

forgive_full_disks()
sys.stderr = open("/dev/full", "w")
is_full = False

class Disk(io.FileIO):
    def write(self, data):
        if is_full:
            raise OSError(errno.ENOSPC, "no space left")
        return super().write(data)

real_open = open
def small_disk(path, mode):
    if is_full:
        raise OSError(errno.ENOSPC, "no space left")
    return io.BufferedWriter(Disk(path, mode.replace("b", "")))
loggers.open = small_disk
pathlib.Path.open = small_disk

log = loggers.getLogger()
loggers.handle_file(log, sys.argv[1], "%(message)s", rotating=True, maxbytes=1000, backups=1)
log.info(b"before\\n")
is_full = True
for _ in range(500):
    log.info(b"x" * 100 + b"\\n")
is_full = False
for _ in range(3):
    log.info(b"after\\n")
"""


def test_a_log_that_cannot_be_written_is_dropped_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "log"
    subprocess.run([sys.executable, "-c", PROGRAM, str(path)], check=True)
    said = "".join(file.read_text() for file in tmp_path.iterdir())
    assert "before\n" in said
    assert said.count("after\n") >= 2


def test_plain_supervisord_would_end() -> None:
    """The fault that is mended: its handler of errors raises where the error stream is full."""
    program = (
        "import sys; from supervisor import loggers; sys.stderr = open('/dev/full', 'w', 1)\n"
        "handler = loggers.StreamHandler(open('/dev/full', 'wb', 0)); log = loggers.getLogger()\n"
        "log.addHandler(handler); log.info('lost')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode != 0
