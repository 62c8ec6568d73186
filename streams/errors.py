"""The errors of the path, each of which stops a whole stage.

A record's own faults are `schemas.contract.errors.Poison` and `Busy`.

StreamError
├── StageHeld    too many dead letters: the stage stands still until somebody releases it
├── Superseded   another worker has the partition by now, and does the batch again
├── StateLost    the worker's database is corrupt, or tables lost rows: the next start folds again
├── LogReplaced  the broker's log is another, or shorter, than the one the store stands in
├── OffsetGap    records are missing between the store's position and what the broker delivered
└── InputUnseen  the broker does not show one of the stage's inputs
"""

from collections.abc import Sequence


class StreamError(Exception):
    """Root of everything `streams` raises."""


class StageHeld(StreamError):
    """Too many dead letters came within the window.

    Nothing of the batch was kept; `dibiendong release STAGE` lets the stage go on.
    """


class Superseded(StreamError):
    """The partition was assigned anew after this batch was handed out.

    Nothing of the batch was written or kept; the worker goes on with what it is assigned next.
    """


class StateLost(StreamError):
    """The database is corrupt, or the tables lost what was in them; it is no record's fault.

    The process ends. The next one begins with an empty database, or where the tables are.
    """


class LogReplaced(StreamError):
    """Going on would skip records of the log that were never read.

    The process ends. The next one does not start before an operator adopts the log.
    """


class OffsetGap(StreamError):
    """The first record lies beyond the store's position: going on would lose those between.

    The process ends, and starts again from the store's position.
    """


class InputUnseen(StreamError):
    """The group works without one of the stage's inputs, and would leave its records unread."""

    def __init__(self, topics: Sequence[str]) -> None:
        names = ", ".join(topics)
        super().__init__(f"the broker shows no topic {names}, or no right to read it")
