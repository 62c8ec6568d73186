"""The door for cases (F0, *ca bệnh*): confirmed, reported more exactly, retracted.

Each report is an event; none is ever overwritten.
"""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import model_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.idempotency import IdempotencyKey, report_marker
from api.doors.services import ServicesDep
from api.http.fields import (
    BirthDate,
    EmptyIsNone,
    Name,
    Output,
    PastInstant,
    PastUntil,
    SexIn,
    WithDocument,
)
from schemas.contract.events import CaseReported
from schemas.contract.ids import CaseId, EventId, derive_id
from schemas.contract.terms import CaseStatus, Sex
from schemas.contract.topics import CASES

router = APIRouter(tags=["cases"])


class CaseIn(WithDocument):
    """A report on a case.

    A later report with the same `case_id` replaces the whole case: what it leaves out is no longer
    stated. `status` retracted: a false positive, or not this person.
    """

    case_id: Annotated[UUID | None, EmptyIsNone] = None
    full_name: Annotated[Name | None, EmptyIsNone] = None
    birth_date: Annotated[BirthDate | None, EmptyIsNone] = None
    sex: Annotated[Sex, SexIn] = "unknown"
    status: CaseStatus = "confirmed"
    onset_at: Annotated[PastInstant | None, EmptyIsNone] = None
    sampled_at: Annotated[PastInstant | None, EmptyIsNone] = None
    isolated_at: Annotated[PastUntil | None, EmptyIsNone] = None
    reported_at: Annotated[PastInstant | None, EmptyIsNone] = None

    @model_validator(mode="after")
    def say_when(self) -> Self:
        if self.status == "confirmed" and self.onset_at is None and self.sampled_at is None:
            raise ValueError("a confirmed case has onset_at or sampled_at")
        if self.status == "retracted" and self.case_id is None:
            raise ValueError("say by case_id which case is retracted")
        return self


class CaseAccepted(Output):
    case_id: str
    event_id: str


class CaseOut(Output):
    """A case as the latest report says."""

    case_id: str
    person_id: str
    status: CaseStatus
    onset_at: datetime | None
    sampled_at: datetime | None
    isolated_at: datetime | None
    last_reported_at: datetime
    reports: int


class CasePage(Output):
    cases: list[CaseOut]
    truncated: bool
    """Whether there are more than the limit shows; the newest come first."""


def case_event(body: CaseIn, submission: Submission) -> CaseReported:
    retry_id = submission.retry_id()
    case_id = CaseId(str(body.case_id or retry_id or uuid4()))
    content = body.model_dump_json(exclude={"case_id"})
    marker = report_marker(body.reported_at, retry_id, submission.received_at)
    return CaseReported(
        **submission.about_holder(body.document),
        **body.model_dump(exclude={"case_id", "document_kind", "document_number", "reported_at"}),
        event_id=EventId(derive_id("case-reported", case_id, content, marker)),
        case_id=case_id,
        reported_at=body.reported_at or submission.received_at,
    )


def _remembered_case_event(body: CaseIn, submission: Submission) -> CaseReported:
    """Makes the event of a row, and remembers it, so that a hand-over of the case waits for it."""
    event = case_event(body, submission)
    submission.services.accepted.note(event)
    return event


REPORTS = EventDoor("case", CASES, CaseIn, case_event, uses_row_id_as_is=True)
REPORT_ROWS = replace(REPORTS, make_event=_remembered_case_event)


@router.post("/cases", status_code=HTTPStatus.ACCEPTED)
async def report_case(
    body: CaseIn,
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    idempotency_key: IdempotencyKey = None,
) -> CaseAccepted:
    """202 means that the broker has the report.

    A retry with the same `Idempotency-Key` or `reported_at` is the same report. Without either, a
    repeated report counts as the latest.
    """
    event = await REPORTS.accept(body, account, services, idempotency_key)
    return CaseAccepted(case_id=event.case_id, event_id=event.event_id)


@router.post("/cases/batch", openapi_extra=batch_route(CaseIn))
async def report_cases(
    request: Request, account: Annotated[Account, requires("tracer")], services: ServicesDep
) -> BatchResult:
    """The body is NDJSON or CSV, one report a row; a repeated row is the same report."""
    return await REPORT_ROWS.accept_table(request, account, services)


@router.get("/cases")
async def list_cases(
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    status: Annotated[CaseStatus | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> CasePage:
    """The newest report of each case, whatever its status; the newest first."""
    parameters = {"status": status or "", "limit": limit + 1}
    rows = await services.clickhouse.ask("records/cases", parameters)
    return CasePage(cases=[CaseOut(**row) for row in rows[:limit]], truncated=len(rows) > limit)
