"""The doors for follow-up: who of the contacts handed over is to be seen on a day, and what was found of each."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, field_validator

from api.accounts import Account, account_of
from api.batches import BatchResult, batch_route
from api.clickhouse import ReadSide
from api.doors import Doors, doors_of
from api.fields import VIETNAM, Day, EmptyIsNone, Input, PastInstant, Words
from api.handovers.events import FOLLOW_DAYS_MOST
from api.handovers.since_issued import SinceIssued, since_issued
from api.idempotency import IdempotencyKey, id_by_key
from api.jurisdiction import other_area, units_below
from api.problems import FieldFault
from api.tracing.moved import moved_of
from api.tracing.question import PersonIdIn
from api.tracing.told import ms
from schemas.events import FollowUpReported
from schemas.ids import EventId, PersonId
from schemas.terms import FollowUpStatus
from schemas.topics import FOLLOW_UPS

router = APIRouter(prefix="/follow-ups", tags=["follow-ups"])
TaskStatus = Literal["due", "lost", "seen", "not_seen", "confirmed"]
URGENT: dict[TaskStatus, int] = {"due": 0, "lost": 1}
"""Those first."""


class FollowUpIn(Input):
    """What was found of a contact on one day; a later report on the same day holds."""

    event_id: Annotated[UUID | None, EmptyIsNone] = None
    person_id: PersonIdIn
    day: Day
    status: FollowUpStatus
    symptoms: Words = Field(default_factory=list, max_length=20)
    temperature_c: Annotated[Annotated[float, Field(ge=30, le=45)] | None, EmptyIsNone] = None
    reported_at: Annotated[PastInstant | None, EmptyIsNone] = None

    @field_validator("day")
    @classmethod
    def not_ahead(cls, value: date) -> date:
        if value > datetime.now(VIETNAM).date():
            raise ValueError("it lies in the future")
        return value


class FollowUpAccepted(BaseModel):
    event_id: str


class TaskOut(BaseModel):
    """Somebody to be seen on the day, unless `confirmed`: a case themselves by now, and in treatment. `last_status`: as of the last day
    before it with a report; empty if there was none."""

    person_id: str
    unit_code: str
    generation: int
    exposed_at: datetime
    last_exposed_at: datetime
    follow_until: date
    """By the last exposure to any case whose list holds; moves when a list is revised."""
    case_ids: list[str]
    own_case_ids: list[str]
    """Confirmed cases that they are themselves."""
    known_as: list[str]
    """Whom a link has told them to be since the lists were issued."""
    status: TaskStatus
    symptoms: list[str]
    temperature_c: float | None
    last_status: str


class TaskPage(BaseModel):
    day: date
    counts: dict[TaskStatus, int]
    """Of all tasks of the day, the limit notwithstanding."""
    tasks: list[TaskOut]
    """Those due first, then the lost ones."""
    truncated: bool


@router.post("", status_code=HTTPStatus.ACCEPTED)
async def report_follow_up(request: Request, body: FollowUpIn, idempotency_key: IdempotencyKey = None) -> FollowUpAccepted:
    """202 means that the broker has it."""
    doors, account = doors_of(request), account_of(request)
    (await _may_follow(doors.clickhouse, account))(body)
    event = _event(body, account, datetime.now(UTC), id_by_key("follow-up", account, idempotency_key, body))
    await doors.broker.accept(FOLLOW_UPS, event.person_id, event)
    return FollowUpAccepted(event_id=event.event_id)


@router.post("/batch", openapi_extra=batch_route(FollowUpIn))
async def report_follow_ups(request: Request) -> BatchResult:
    """NDJSON or CSV, one person and day a row."""
    account, now = account_of(request), datetime.now(UTC)
    may_follow = await _may_follow(doors_of(request).clickhouse, account)

    def event(body: FollowUpIn, row_id: Callable[[], str]) -> tuple[str, FollowUpReported]:
        may_follow(body)
        made = _event(body, account, now, None if body.event_id else row_id())
        return made.person_id, made

    return await doors_of(request).batches.take(request, FOLLOW_UPS, FollowUpIn, event)


@router.get("")
async def list_tasks(
    request: Request,
    unit_code: Annotated[str | None, Query(max_length=20)] = None,
    day: Day | None = None,
    status: TaskStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 5_000,
) -> TaskPage:
    """Everybody on a list that holds, from the day of their first exposure until `follow_until`. Today, if no day is given. A committee is
    shown its own people, and those below it."""
    doors, asked = doors_of(request), day or datetime.now(VIETNAM).date()
    end = datetime(asked.year, asked.month, asked.day, tzinfo=VIETNAM) + timedelta(days=1)
    parameters = {"day": asked, "end": end, "any_unit": unit_code is None, "unit_code": unit_code or ""}
    parameters |= _within(account_of(request))
    names = await _names(doors, asked, end)
    rows = await doors.clickhouse.ask_with("follow_up_tasks", parameters, "names", "reported_as String, known_as String", names)
    since = await since_issued(doors.together, rows)
    tasks = sorted((_task(row, since) for row in rows), key=lambda task: URGENT.get(task.status, len(URGENT)))
    chosen = [task for task in tasks if status in (None, task.status)]
    counts = Counter(task.status for task in tasks)
    return TaskPage(day=asked, counts=dict(counts), tasks=chosen[:limit], truncated=len(chosen) > limit)


async def _names(doors: Doors, day: date, end: datetime) -> list[tuple[str, str]]:
    """Of people who were reported on under a pseudonym that is on no list any more: whom a link has told them to be."""
    rows = await doors.clickhouse.ask("followed_no_more", {"day": day, "days": FOLLOW_DAYS_MOST})
    people = [row["person_id"] for row in rows]
    moved = await moved_of(doors.together, people, ms(end - timedelta(days=2 * FOLLOW_DAYS_MOST)), ms(end))
    return [(person, other) for person, others in moved.items() for other in others]


def _task(row: dict[str, Any], since: SinceIssued) -> TaskOut:
    own_case_ids, known_as = since.own_case_ids[row["person_id"]], since.moved.get(row["person_id"], [])
    status: TaskStatus = row.pop("reported") or ("confirmed" if own_case_ids else "due")
    return TaskOut(**row, status=status, own_case_ids=own_case_ids, known_as=known_as)


async def _may_follow(ask: ReadSide, account: Account) -> Callable[[FollowUpIn], None]:
    """A check that raises `Problem` for somebody on none of the lists of the account's area."""
    rows = await ask.ask("followed_in_area", _within(account)) if account.area else []
    own = {row["person_id"] for row in rows}

    def check(body: FollowUpIn) -> None:
        if account.area and body.person_id not in own:
            raise other_area(account, [FieldFault(field="person_id", reason=f"this person is, and was, on no list of {account.area}")])

    return check


def _within(account: Account) -> dict[str, Any]:
    return {"any_area": not account.area, "area": list(units_below(account.area))}


def _event(body: FollowUpIn, account: Account, received_at: datetime, derived: str | None) -> FollowUpReported:
    return FollowUpReported(
        **body.model_dump(exclude={"event_id", "reported_at", "person_id"}),
        event_id=EventId(str(body.event_id or derived or uuid4())),
        person_id=PersonId(body.person_id),
        reported_at=body.reported_at or received_at,
        received_at=received_at,
        submitted_by=account.name,
    )
