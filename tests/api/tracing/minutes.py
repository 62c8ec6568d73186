"""The minutes in which worlds count, as times."""

from datetime import UTC, datetime, timedelta

MIDNIGHT = datetime(2021, 9, 14, 17, tzinfo=UTC)
"""Midnight in Vietnam; the worlds begin two hours before."""


def at(minute: int) -> datetime:
    return MIDNIGHT - timedelta(hours=2) + timedelta(minutes=minute)
