"""Who shared a checkpoint with a person within so many minutes, with the evidence for each meeting.

It takes two steps, so that the cost follows the answer: the person's visits by primary key, then
one range of the place-ordered table for each visit.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.doors import DoorsDep
from api.http.fields import Instant, Output, Until
from api.people.people import BEGINNING, END

router = APIRouter(tags=["traces"])
VISITS_PER_QUESTION = 200


class Meeting(Output):
    """One shared stay at a post: the evidence."""

    checkpoint_id: str
    person_scan_id: str
    person_scanned_at: datetime
    contact_scan_id: str
    contact_scanned_at: datetime
    gap_s: float


class Contact(Output):
    person_id: str
    meetings: list[Meeting]
    closest_s: float


class Trace(Output):
    person_id: str
    visits: int
    contacts: list[Contact]
    """The contacts with the most meetings first, then the closest."""
    truncated: bool
    """Whether the person has more visits than were followed."""


@router.get("/traces")
async def trace(
    account: Annotated[Account, requires("tracer")],
    doors: DoorsDep,
    person_id: Annotated[str, Query(pattern="^[0-9a-f]{32}$")],
    since: Annotated[Instant, Query(alias="from")] = BEGINNING,
    until: Annotated[Until, Query(alias="to")] = END,
    minutes: Annotated[float, Query(gt=0, le=24 * 60)] = 15,
    visits_most: Annotated[int, Query(ge=1, le=5_000)] = 1_000,
) -> Trace:
    """The people that a person met at posts within so many `minutes`, each time with how far apart
    the two scans were. `POST /traces/forward` knows of every place, under rules."""
    parameters = {"person_id": person_id, "from": since, "to": until, "limit": visits_most + 1}
    visits = await doors.clickhouse.ask("tracing/visits", parameters)
    meetings: dict[str, list[Meeting]] = {}
    for start in range(0, min(len(visits), visits_most), VISITS_PER_QUESTION):
        part = visits[:visits_most][start : start + VISITS_PER_QUESTION]
        rows = await doors.clickhouse.ask_text(
            *present_at(part, person_id, timedelta(minutes=minutes))
        )
        _add_meetings(meetings, part, rows, timedelta(minutes=minutes))
    contacts = [_contact(other_id, shared) for other_id, shared in meetings.items()]
    contacts.sort(
        key=lambda contact: (-len(contact.meetings), contact.closest_s, contact.person_id)
    )
    return Trace(
        person_id=person_id,
        visits=min(len(visits), visits_most),
        contacts=contacts,
        truncated=len(visits) > visits_most,
    )


def present_at(
    visits: list[dict[str, Any]], person_id: str, within: timedelta
) -> tuple[str, dict[str, Any]]:
    """Returns a query for one range of the primary key per visit, and its parameters.

    All values are bound; only the number of the ranges is put into the text.
    """
    one_range = (
        "(checkpoint_id = {{post_{n}:String}} AND scanned_at >= {{from_{n}:DateTime64(3)}}"
        " AND scanned_at <= {{to_{n}:DateTime64(3)}})"
    )
    ranges = " OR ".join(one_range.format(n=n) for n in range(len(visits)))
    query = f"""
        SELECT checkpoint_id, scanned_at, toString(person_id) AS person_id,
            toString(scan_id) AS scan_id
        FROM scans_by_checkpoint FINAL
        WHERE ({ranges}) AND person_id != {{person_id:String}}
    """  # noqa: S608 -- only numbers of parameters are put in
    parameters: dict[str, Any] = {"person_id": person_id}
    for n, visit in enumerate(visits):
        at = visit["scanned_at"]
        parameters |= {
            f"post_{n}": visit["checkpoint_id"],
            f"from_{n}": at - within,
            f"to_{n}": at + within,
        }
    return query, parameters


def _add_meetings(
    meetings: dict[str, list[Meeting]],
    visits: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    within: timedelta,
) -> None:
    by_post: dict[str, list[dict[str, Any]]] = {}
    for visit in visits:
        by_post.setdefault(visit["checkpoint_id"], []).append(visit)
    for row in rows:
        for visit in by_post[row["checkpoint_id"]]:
            gap = abs(row["scanned_at"] - visit["scanned_at"])
            if gap <= within:
                meetings.setdefault(row["person_id"], []).append(_meeting(visit, row, gap))


def _contact(person_id: str, meetings: list[Meeting]) -> Contact:
    closest_s = min(meeting.gap_s for meeting in meetings)
    return Contact(person_id=person_id, meetings=meetings, closest_s=closest_s)


def _meeting(visit: dict[str, Any], row: dict[str, Any], gap: timedelta) -> Meeting:
    return Meeting(
        checkpoint_id=row["checkpoint_id"],
        person_scan_id=visit["scan_id"],
        person_scanned_at=visit["scanned_at"],
        contact_scan_id=row["scan_id"],
        contact_scanned_at=row["scanned_at"],
        gap_s=gap.total_seconds(),
    )
