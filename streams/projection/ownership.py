"""Columns that say since when a fact is known to be its person's, and when it counted as theirs."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from streams.projection.table import Column


def ownership_columns(otherwise: str) -> dict[str, Column]:
    """Returns `known_from` and `formerly`.

    `otherwise` is the attribute that says from when a fact was known to be its person's where the
    event does not.
    """
    get_otherwise = attrgetter(otherwise)

    def known_from(event: Any, version: int) -> datetime:
        since: datetime = event.known_from or get_otherwise(event)
        return since

    return {"known_from": known_from, "formerly": _earlier_periods}


def _earlier_periods(event: Any, version: int) -> list[tuple[datetime, datetime]]:
    return [(period.known_from, period.known_until) for period in event.formerly]
