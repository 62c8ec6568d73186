"""The door for results of tests for the virus (*xét nghiệm*), as laboratories and posts report them."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, model_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.doors import Doors, DoorsDep, under_document
from api.doors.idempotency import IdempotencyKey, id_by_key
from api.http.fields import (
    BirthDate,
    EmptyIsNone,
    Name,
    Output,
    PastInstant,
    SexIn,
    Short,
    WithDocument,
    one_of,
)
from schemas.contract.events import TestResulted
from schemas.contract.ids import EventId
from schemas.contract.terms import Sex, TestKind, TestResult
from schemas.contract.topics import HEALTH_TESTS

router = APIRouter(tags=["tests"])
KINDS = {
    "test nhanh": "rapid_antigen",
    "kháng nguyên": "rapid_antigen",
    "khang nguyen": "rapid_antigen",
    "rt-pcr": "rt_pcr",
    "pcr": "rt_pcr",
}
RESULTS = {
    "dương tính": "positive",
    "duong tinh": "positive",
    "âm tính": "negative",
    "am tinh": "negative",
}


class TestIn(WithDocument):
    """One result. Its validity counts from `resulted_at`, when the result was issued, not from the sample."""

    event_id: Annotated[UUID | None, EmptyIsNone] = None
    full_name: Annotated[Name | None, EmptyIsNone] = None
    birth_date: Annotated[BirthDate | None, EmptyIsNone] = None
    sex: Annotated[Sex, SexIn] = "unknown"
    kind: Annotated[TestKind, BeforeValidator(one_of(KINDS))]
    result: Annotated[TestResult, BeforeValidator(one_of(RESULTS))]
    sampled_at: Annotated[PastInstant | None, EmptyIsNone] = None
    resulted_at: PastInstant
    laboratory: Annotated[Short | None, EmptyIsNone] = None

    @model_validator(mode="after")
    def sample_first(self) -> Self:
        if self.sampled_at is not None and self.sampled_at > self.resulted_at:
            raise ValueError("the result was issued before the sample was taken")
        return self


class TestAccepted(Output):
    event_id: str


@router.post("/tests", status_code=HTTPStatus.ACCEPTED)
async def report_test(
    account: Annotated[Account, requires("checkpoint", "clerk", "register")],
    doors: DoorsDep,
    body: TestIn,
    idempotency_key: IdempotencyKey = None,
) -> TestAccepted:
    """202 means that the broker has it. The same `event_id` or `Idempotency-Key` makes a retry harmless."""
    event = result_event(body, account, doors, datetime.now(UTC), idempotency_key)
    await doors.broker.accept(HEALTH_TESTS, event.document_key, event)
    return TestAccepted(event_id=event.event_id)


@router.post("/tests/batch", openapi_extra=batch_route(TestIn))
async def report_tests(
    request: Request,
    account: Annotated[Account, requires("checkpoint", "clerk", "register")],
    doors: DoorsDep,
) -> BatchResult:
    """NDJSON or CSV, one result a row."""
    now = datetime.now(UTC)

    def event(body: TestIn, row_id: Callable[[], str]) -> tuple[str, TestResulted]:
        made = result_event(body, account, doors, now, None if body.event_id else row_id())
        return made.document_key, made

    return await doors.batches.take(request, HEALTH_TESTS, TestIn, event)


def result_event(
    body: TestIn, account: Account, doors: Doors, received_at: datetime, idempotency_key: str | None
) -> TestResulted:
    derived = id_by_key("test", account, idempotency_key, body)
    return TestResulted(
        **under_document(body.document, account, doors, received_at),
        **body.model_dump(exclude={"event_id", "document_kind", "document_number"}),
        event_id=EventId(str(body.event_id or derived or uuid4())),
    )
