"""The errors of the path. A record's own faults are `schemas.contract.errors.Poison` and `Busy`; these stop a whole stage.

StreamError
├── StageHeld    too many dead letters: the stage stands still until somebody releases it
├── Superseded   the partition was given out anew since this batch was: whoever has it now does the batch again
├── StateLost    the worker's database is corrupt: it is set aside at the next start, and folded again
└── OffsetGap    records are missing between the store's position and what the broker delivered
"""


class StreamError(Exception):
    """Root of everything `streams` raises."""


class StageHeld(StreamError):
    """Too many dead letters in the window. Nothing of the batch was kept; `dibiendong release STAGE` lets it go on."""


class Superseded(StreamError):
    """Nothing of the batch was written or kept; the worker goes on with what it is given next."""


class StateLost(StreamError):
    """No record's fault: the process ends, and the next one begins with an empty database."""


class OffsetGap(StreamError):
    """Going on would lose the records between; the process ends and starts again from the store's position."""
