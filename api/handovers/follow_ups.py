"""The doors for follow-up: who of the contacts handed over is to be seen on a day, and what was found of each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import Field, field_validator

from api.accounts.access import requires
from api.accounts.accounts import Account, account_of
from api.accounts.jurisdiction import other_area, units_below
from api.doors.batches import BatchResult, batch_route
from api.doors.doors import Doors, doors_of
from api.doors.idempotency import IdempotencyKey, id_by_key
from api.handovers.events import FOLLOW_DAYS_MOST
from api.handovers.since_issued import known_as_of, own_cases_today
from api.http.fields import VIETNAM, Day, EmptyIsNone, Input, Output, PastInstant, Symptoms
from api.http.problems import FieldFault, invalid
from api.tracing.case_status import OwnCase
from api.tracing.reassigned import identified, moved_of, stood_for
from api.tracing.responses import ms
from api.tracing.trace_request import PersonIdIn
from schemas.contract.events import FollowUpReported
from schemas.contract.ids import EventId, PersonId
from schemas.contract.terms import FollowUpStatus
from schemas.contract.topics import FOLLOW_UPS

router = APIRouter(prefix="/follow-ups", tags=["follow-ups"])
TaskStatus = Literal["due", "lost", "seen", "not_seen", "confirmed"]
NOTHING_FOUND: Mapping[str, Any] = {
    "reported": "",
    "symptoms": [],
    "temperature_c": None,
    "last_status": "",
}
URGENT: dict[TaskStatus, int] = {"due": 0, "lost": 1}
"""Those first."""


class FollowUpIn(Input):
    """What was found of a contact on one day; a later report on the same day holds."""

    event_id: Annotated[UUID | None, EmptyIsNone] = None
    person_id: PersonIdIn
    day: Day
    status: FollowUpStatus
    symptoms: Symptoms = Field(default_factory=list, max_length=20)
    temperature_c: Annotated[Annotated[float, Field(ge=30, le=45)] | None, EmptyIsNone] = None
    reported_at: Annotated[PastInstant | None, EmptyIsNone] = None

    @field_validator("day")
    @classmethod
    def not_ahead(cls, value: date) -> date:
        if value > datetime.now(VIETNAM).date():
            raise ValueError("it lies in the future")
        return value


class FollowUpAccepted(Output):
    event_id: str


class TaskOut(Output):
    """Somebody to be seen on the day, by the lists that have not ended by then, unless `confirmed`: they fell ill themselves by then, and
    not long before they were exposed. `last_status`: as of the last day before it with a report; empty if there was none."""

    person_id: str
    unit_code: str
    generation: int
    exposed_at: datetime
    last_exposed_at: datetime
    follow_until: date
    """By the last exposure to any case whose list holds; moves when a list is revised."""
    case_ids: list[str]
    own_case_ids: list[str]
    """Confirmed cases that they are themselves, whenever."""
    known_as: str
    """Whom a link has told them to be, if it has: they are on their lists under the pseudonym of then."""
    status: TaskStatus
    symptoms: list[str]
    temperature_c: float | None
    last_status: str


class TaskPage(Output):
    day: date
    counts: dict[TaskStatus, int]
    """Of all tasks of the day, the limit notwithstanding."""
    tasks: list[TaskOut]
    """Those due first, then the lost ones."""
    truncated: bool


@router.post("", status_code=HTTPStatus.ACCEPTED)
async def report_follow_up(
    request: Request,
    account: Annotated[Account, requires("clerk", "tracer", "committee")],
    body: FollowUpIn,
    idempotency_key: IdempotencyKey = None,
) -> FollowUpAccepted:
    """202 means that the broker has it."""
    doors, account = doors_of(request), account_of(request)
    (await _may_follow(doors, account, body.person_id))(body)
    event = _event(
        body, account, datetime.now(UTC), id_by_key("follow-up", account, idempotency_key, body)
    )
    await doors.broker.accept(FOLLOW_UPS, event.person_id, event)
    return FollowUpAccepted(event_id=event.event_id)


@router.post("/batch", openapi_extra=batch_route(FollowUpIn))
async def report_follow_ups(
    request: Request, account: Annotated[Account, requires("clerk", "tracer", "committee")]
) -> BatchResult:
    """NDJSON or CSV, one person and day a row."""
    account, now = account_of(request), datetime.now(UTC)
    may_follow = await _may_follow(doors_of(request), account)

    def event(body: FollowUpIn, row_id: Callable[[], str]) -> tuple[str, FollowUpReported]:
        may_follow(body)
        made = _event(body, account, now, None if body.event_id else row_id())
        return made.person_id, made

    return await doors_of(request).batches.take(request, FOLLOW_UPS, FollowUpIn, event)


@router.get("")
async def list_tasks(
    request: Request,
    account: Annotated[Account, requires("tracer", "committee")],
    unit_code: Annotated[str | None, Query(max_length=20)] = None,
    day: Day | None = None,
    status: TaskStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 5_000,
) -> TaskPage:
    """Everybody on a list that holds, from the day of their first exposure until `follow_until`. Today, if no day is given. A committee is
    shown its own people, and those below it."""
    doors, asked = doors_of(request), day or datetime.now(VIETNAM).date()
    end = datetime(asked.year, asked.month, asked.day, tzinfo=VIETNAM) + timedelta(days=1)
    parameters = {
        "day": asked,
        "end": end,
        "any_unit": unit_code is None,
        "unit_code": unit_code or "",
    }
    parameters |= _within(account_of(request))
    rows = await doors.clickhouse.ask("handovers/follow_up_tasks", parameters)
    known_as = await known_as_of(doors, rows)
    own_cases = await own_cases_today(doors, rows, known_as)
    found = await _found(doors, [row["person_id"] for row in rows], known_as, asked)
    tasks = [
        _task(row, asked, known_as, own_cases, found.get(row["person_id"], NOTHING_FOUND))
        for row in rows
    ]
    chosen = [
        task
        for task in sorted(tasks, key=lambda task: URGENT.get(task.status, len(URGENT)))
        if status in (None, task.status)
    ]
    counts = Counter(task.status for task in tasks)
    return TaskPage(
        day=asked, counts=dict(counts), tasks=chosen[:limit], truncated=len(chosen) > limit
    )


async def _found(
    doors: Doors, people: Sequence[str], known_as: Mapping[str, str], day: date
) -> Mapping[str, dict[str, Any]]:
    """What was reported of people, by person: also under the pseudonym they are known by today, and one they had on an earlier list."""
    earlier = [
        row["person_id"]
        for row in await doors.clickhouse.ask(
            "handovers/followed_no_more", {"day": day, "days": FOLLOW_DAYS_MOST}
        )
    ]
    midnight = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    period = ms(midnight - timedelta(days=2 * FOLLOW_DAYS_MOST)), ms(midnight + timedelta(days=1))
    who = {**await identified(doors, await moved_of(doors.together, earlier, *period)), **known_as}
    names: dict[str, set[str]] = {}
    for name in (*people, *who):
        names.setdefault(who.get(name, name), {who.get(name, name)}).add(name)
    pairs = [(name, person) for person in people for name in sorted(names[who.get(person, person)])]
    structure = "reported_as FixedString(32), person_id FixedString(32)"
    rows = await doors.clickhouse.ask_with(
        "handovers/follow_ups_found", {"day": day}, "names", structure, pairs
    )
    return {row.pop("person_id"): row for row in rows}


def _task(
    row: dict[str, Any],
    day: date,
    known_as: Mapping[str, str],
    own_cases: Mapping[str, list[OwnCase]],
    found: Mapping[str, Any],
) -> TaskOut:
    person = row["person_id"]
    ill_from = row["exposed_at"] - timedelta(days=FOLLOW_DAYS_MOST)
    ill = any(
        ill_from <= case.dated_at and case.dated_at.astimezone(VIETNAM).date() <= day
        for case in own_cases[person]
    )
    return TaskOut(
        **row,
        known_as=known_as.get(person, ""),
        own_case_ids=[case.case_id for case in own_cases[person]],
        status=found["reported"] or ("confirmed" if ill else "due"),
        **{name: found[name] for name in ("symptoms", "temperature_c", "last_status")},
    )


async def _may_follow(
    doors: Doors, account: Account, person_id: str | None = None
) -> Callable[[FollowUpIn], None]:
    """A check that raises `Problem` for somebody who is, and was, on none of the lists (of the account's area). Asked about this person, if
    given, or about everybody. Whom a link has told to be somebody on a list is on it."""
    names = (
        []
        if person_id is None
        else [person_id, *(name for _, name in await stood_for(doors, [person_id]))]
    )
    parameters = {"anybody": person_id is None, "people": names, **_within(account)}
    rows = await doors.clickhouse.ask("handovers/ever_listed", parameters)
    listed = {row["person_id"] for row in rows}
    listed |= {person_id} if rows and person_id else set((await known_as_of(doors, rows)).values())

    def check(body: FollowUpIn) -> None:
        if body.person_id not in listed:
            faults = [
                FieldFault(
                    field="person_id",
                    reason=f"this person is, and was, on no list{account.area and f' of {account.area}'}",
                )
            ]
            raise other_area(account, faults) if account.area else invalid(faults)

    return check


def _within(account: Account) -> dict[str, Any]:
    return {"any_area": not account.area, "area": list(units_below(account.area))}


def _event(
    body: FollowUpIn, account: Account, received_at: datetime, derived: str | None
) -> FollowUpReported:
    return FollowUpReported(
        **body.model_dump(exclude={"event_id", "reported_at", "person_id"}),
        event_id=EventId(str(body.event_id or derived or uuid4())),
        person_id=PersonId(body.person_id),
        reported_at=body.reported_at or received_at,
        received_at=received_at,
        submitted_by=account.name,
    )
