"""Columns that say since when a fact is known to be its person's, and when it was so before."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from streams.projection.table import Column


def ownership_columns(default_known_from: str) -> dict[str, Column]:
    """Returns the columns `known_from` and `formerly`.

    An event without `known_from` was its person's from the start: the attribute
    `default_known_from` has that time.
    """
    get_default = attrgetter(default_known_from)

    def known_from(event: Any, version: int) -> datetime:
        since: datetime = event.known_from or get_default(event)
        return since

    return {"known_from": known_from, "formerly": _earlier_periods}


def _earlier_periods(event: Any, version: int) -> list[tuple[datetime, datetime]]:
    return [(period.known_from, period.known_until) for period in event.formerly]
