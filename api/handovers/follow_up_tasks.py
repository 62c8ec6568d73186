"""The door for follow-up tasks: which contacts handed over are to be visited on a day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query
from msgspec import structs

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import Services, ServicesDep
from api.handovers.events import MAX_FOLLOW_DAYS
from api.handovers.follow_ups import within_area
from api.handovers.since_issued import current_identities_of, own_cases_today
from api.http.fields import Day, Output
from api.tracing.case_status import OwnCase
from api.tracing.reassigned import current_identities, reassigned_people
from api.tracing.responses import ms
from schemas.contract.terms import FollowUpStatus
from schemas.domain.local_time import VIETNAM

router = APIRouter(prefix="/follow-ups", tags=["follow-ups"])
TaskStatus = Literal["due", "lost", "seen", "not_seen", "confirmed"]
FIRST: dict[TaskStatus, int] = {"due": 0, "lost": 1}
"""Statuses whose tasks come first, in this order."""
PSEUDONYMS = "reported_as FixedString(32), person_id FixedString(32)"


class TaskOut(Output):
    """A listed person to visit on the day, by the lists that have not ended by then.

    `confirmed`: the person is a case by now and needs no visit; the case is not from long before
    the exposure. `last_status` is of the last earlier day with a report; empty if there is none.
    """

    person_id: str
    unit_code: str
    generation: int
    exposed_at: datetime
    last_exposed_at: datetime
    follow_until: date
    """Last day of the follow-up, from the last exposure to any case whose list holds.

    The day moves when a list is revised.
    """
    case_ids: list[str]
    own_case_ids: list[str]
    """Confirmed cases that they are themselves, at any time."""
    known_as: str
    """The person's current pseudonym, if a link gave another; the list has the earlier one."""
    status: TaskStatus
    symptoms: list[str]
    temperature_c: float | None
    last_status: str


class TaskPage(Output):
    day: date
    counts: dict[TaskStatus, int]
    """Number of tasks of the day by status, those beyond the limit included."""
    tasks: list[TaskOut]
    """Tasks: those that are due first, then the lost ones."""
    truncated: bool


class ListedTask(msgspec.Struct, frozen=True):
    """A person on lists, as `follow_up_tasks.sql` has them."""

    person_id: str
    unit_code: str
    generation: int
    exposed_at: datetime
    last_exposed_at: datetime
    follow_until: date
    case_ids: list[str]


class Reports(msgspec.Struct, frozen=True):
    """The reports on a person by the day, as `follow_ups_found.sql` has them."""

    reported: FollowUpStatus | Literal[""] = ""
    """Status of the day; empty if nobody reported."""
    symptoms: list[str] = []
    temperature_c: float | None = None
    last_status: str = ""


@router.get("")
async def list_tasks(
    account: Annotated[Account, requires("committee", "tracer")],
    services: ServicesDep,
    unit_code: Annotated[str | None, Query(max_length=20)] = None,
    day: Day | None = None,
    status: TaskStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 5_000,
) -> TaskPage:
    """Lists everybody on a list that holds, from their first exposure until `follow_until`.

    The day is today if none is given. A committee sees its own people, and those below it.
    """
    task_day = day or datetime.now(VIETNAM).date()
    listed = await _listed_tasks(services, account, unit_code, task_day)
    identities = await current_identities_of(services, listed)
    own_cases = await own_cases_today(services, listed, identities)
    people = [task.person_id for task in listed]
    reports = await _reports_of(services, people, identities, task_day)
    tasks = list[TaskOut]()
    for task in listed:
        person = task.person_id
        known_as = identities.get(person, "")
        of_person = reports.get(person, Reports())
        tasks.append(_task(task, task_day, known_as, own_cases[person], of_person))
    tasks.sort(key=lambda task: FIRST.get(task.status, len(FIRST)))
    selected = [task for task in tasks if status in (None, task.status)]
    return TaskPage(
        day=task_day,
        counts=dict(Counter(task.status for task in tasks)),
        tasks=selected[:limit],
        truncated=len(selected) > limit,
    )


async def _listed_tasks(
    services: Services, account: Account, unit_code: str | None, day: date
) -> list[ListedTask]:
    parameters = {
        "day": day,
        "end": _midnight(day) + timedelta(days=1),
        "any_unit": unit_code is None,
        "unit_code": unit_code or "",
        **within_area(account),
    }
    rows = await services.clickhouse.ask("handovers/follow_up_tasks", parameters)
    return [ListedTask(**row) for row in rows]


async def _reports_of(
    services: Services, people: Sequence[str], identities: Mapping[str, str], day: date
) -> dict[str, Reports]:
    """Returns what was reported of people, by person.

    Includes reports under the current pseudonym and under earlier lists' pseudonyms.
    """
    current = {**await _identities_of_earlier_lists(services, day), **identities}
    pseudonyms = _pseudonyms_by_identity((*people, *current), current)
    pairs = list[tuple[str, str]]()
    for person in people:
        for pseudonym in sorted(pseudonyms[current.get(person, person)]):
            pairs.append((pseudonym, person))
    rows = await services.clickhouse.ask_with(
        "handovers/follow_ups_found", {"day": day}, "names", PSEUDONYMS, pairs
    )
    return {row.pop("person_id"): Reports(**row) for row in rows}


async def _identities_of_earlier_lists(services: Services, day: date) -> dict[str, str]:
    """Returns the current identities of people with reports who are on no list any more."""
    parameters = {"day": day, "days": MAX_FOLLOW_DAYS}
    rows = await services.clickhouse.ask("handovers/followed_no_more", parameters)
    since = _midnight(day) - timedelta(days=2 * MAX_FOLLOW_DAYS)
    until = _midnight(day) + timedelta(days=1)
    people = [row["person_id"] for row in rows]
    reassigned = await reassigned_people(services.batched_queries, people, ms(since), ms(until))
    return await current_identities(services, reassigned)


def _pseudonyms_by_identity(
    people: Iterable[str], current: Mapping[str, str]
) -> dict[str, set[str]]:
    pseudonyms: dict[str, set[str]] = {}
    for pseudonym in people:
        identity = current.get(pseudonym, pseudonym)
        pseudonyms.setdefault(identity, {identity}).add(pseudonym)
    return pseudonyms


def _task(
    task: ListedTask, day: date, known_as: str, own_cases: Sequence[OwnCase], reports: Reports
) -> TaskOut:
    return TaskOut(
        **structs.asdict(task),
        known_as=known_as,
        own_case_ids=[case.case_id for case in own_cases],
        status=_status(task, day, own_cases, reports),
        symptoms=reports.symptoms,
        temperature_c=reports.temperature_c,
        last_status=reports.last_status,
    )


def _status(
    task: ListedTask, day: date, own_cases: Sequence[OwnCase], reports: Reports
) -> TaskStatus:
    if reports.reported:
        return reports.reported
    ill_from = task.exposed_at - timedelta(days=MAX_FOLLOW_DAYS)
    for case in own_cases:
        if ill_from <= case.dated_at and case.dated_at.astimezone(VIETNAM).date() <= day:
            return "confirmed"
    return "due"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
