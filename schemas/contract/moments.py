"""Moments as Avro has them: milliseconds since 1970."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def milliseconds(at: datetime) -> int:
    """Returns the milliseconds since 1970, rounded down; a time without a zone is local time."""
    return ((at if at.tzinfo else at.astimezone()) - EPOCH) // MILLISECOND
