"""Instants at the ends of time, and sums that stop there."""

from datetime import UTC, datetime, timedelta

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


def earlier(at: datetime, span: timedelta) -> datetime:
    return FIRST if at - FIRST < span else at - span


def later(at: datetime, span: timedelta) -> datetime:
    return LAST if LAST - at < span else at + span
