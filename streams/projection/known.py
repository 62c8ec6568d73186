"""When a fact was known to be its person's: now, and before a link took it away."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from streams.projection.table import Column


def known_columns(fallback: str) -> dict[str, Column]:
    """`fallback`: the attribute that says from when it was known where the event does not."""
    unless_told = attrgetter(fallback)

    def known_from(event: Any, offset: int) -> datetime:
        known_from: datetime = event.known_from or unless_told(event)
        return known_from

    return {"known_from": known_from, "formerly": _formerly}


def _formerly(event: Any, offset: int) -> list[tuple[datetime, datetime]]:
    return [(period.known_from, period.known_until) for period in event.formerly]
