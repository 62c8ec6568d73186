"""The period of `dibiendong trace person`, where one end or both are left out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from infra.errors import SetupError
from infra.tools.doors_client import DoorsClient

DEFAULT_PERIOD = timedelta(days=14)
"""Length of a period of which one end or both are left out."""
TIMELINE_PAGE = 10_000
"""Number of facts of a timeline that one request may return."""
STAY_KINDS = ("scan", "presence", "declaration")
"""Kinds of facts in a timeline that say where a person was."""


def period_of_person(
    doors: DoorsClient, person_id: str, since: str | None, until: str | None
) -> tuple[str, str]:
    """Returns begin and end; an end that is left out follows from the other, or the last stay."""
    if since and until:
        return since, until
    if since:
        return since, (_time("--from", since) + DEFAULT_PERIOD).isoformat()
    if until:
        return (_time("--to", until) - DEFAULT_PERIOD).isoformat(), until
    end = _last_stay(doors, person_id) + timedelta(minutes=1)
    return (end - DEFAULT_PERIOD).isoformat(), end.isoformat()


def _time(option: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise SetupError(f"{option} {text} is no time: write it as 2021-09-14T08:00.") from None


def _last_stay(doors: DoorsClient, person_id: str) -> datetime:
    """Returns the time of the person's last known stay.

    Reads the whole timeline, page by page: it begins with the oldest fact.
    """
    last: datetime | None = None
    for item in _timeline(doors, person_id):
        if item["kind"] in STAY_KINDS:
            last = datetime.fromisoformat(item["at"])
    if last is None:
        raise SetupError(f"Nothing says where {person_id} was: check the number, or say --from.")
    return last


def _timeline(doors: DoorsClient, person_id: str) -> Iterator[dict[str, Any]]:
    """Yields every fact, the oldest first; facts between two pages come twice.

    Raises `SetupError` if one instant has more facts than a page.
    """
    path = f"/people/{person_id}/timeline"
    page = doors.get(path, limit=TIMELINE_PAGE)
    yield from page["items"]
    while page["truncated"]:
        begin = page["items"][-1]["at"]
        if begin == page["items"][0]["at"]:
            raise SetupError(f"{person_id} has too many facts at {begin}: say --from or --to.")
        page = doors.get(path, limit=TIMELINE_PAGE, **{"from": begin})
        yield from page["items"]
