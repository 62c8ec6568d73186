"""The errors of the path. A record's own faults are `schemas.errors.Poison` and `Busy`; these stop a whole stage.

StreamError
├── StageHeld    too many dead letters: the stage stands still until somebody releases it
└── OffsetGap    records are missing between the store's position and what the broker delivered
"""


class StreamError(Exception):
    """Root of everything `streams` raises."""


class StageHeld(StreamError):
    """Too many dead letters in the window. Nothing of the batch was kept; `dibiendong release STAGE` lets it go on."""


class OffsetGap(StreamError):
    """Going on would lose the records between; the process ends and starts again from the store's position."""
