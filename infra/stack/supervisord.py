"""Runs supervisord so that a full disk does not end it.

supervisord writes its own log and those of the parts. Where it can write neither these nor its
error stream, it ends, and every part with it; or it stops reading what a part says, which then
hangs. Here what cannot be written is dropped, and writing goes on when there is room again.
"""

from contextlib import suppress
from pathlib import Path

from supervisor import loggers, supervisord

roll_over = loggers.RotatingFileHandler.doRollover


def main() -> None:
    forgive_full_disks()
    supervisord.main()


def forgive_full_disks() -> None:
    loggers.Handler.handleError = _drop
    loggers.RotatingFileHandler.doRollover = _roll_over_if_possible


def _drop(handler: loggers.Handler) -> None:
    """Drops what could not be written, instead of a traceback on the same full disk."""


def _roll_over_if_possible(handler: loggers.RotatingFileHandler) -> None:
    """Leaves the log open whatever happens; a log that could not be opened is tried each time."""
    with suppress(OSError, ValueError):
        roll_over(handler)
    if handler.stream.closed:
        with suppress(OSError):
            handler.stream = Path(handler.baseFilename).open("ab")  # noqa: SIM115 -- it stays open


if __name__ == "__main__":
    main()
