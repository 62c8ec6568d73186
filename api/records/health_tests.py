"""The door for results of health tests (*xét nghiệm*): laboratories and checkpoints report them."""

from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, model_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.idempotency import IdempotencyKey
from api.doors.services import ServicesDep
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
    """One result. Its validity counts from `resulted_at`, when the result was issued, not from the
    sample."""

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


def health_test_event(body: TestIn, submission: Submission) -> TestResulted:
    event_id = body.event_id or submission.retry_id() or uuid4()
    return TestResulted(
        **submission.about_holder(body.document),
        **body.model_dump(exclude={"event_id", "document_kind", "document_number"}),
        event_id=EventId(str(event_id)),
    )


RESULTED_TESTS = EventDoor("test", HEALTH_TESTS, TestIn, health_test_event)


@router.post("/tests", status_code=HTTPStatus.ACCEPTED)
async def report_test(
    body: TestIn,
    account: Annotated[Account, requires("register", "clerk", "checkpoint")],
    services: ServicesDep,
    idempotency_key: IdempotencyKey = None,
) -> TestAccepted:
    """202 means that the broker has it. The same `event_id` or `Idempotency-Key` makes a retry
    harmless."""
    event = await RESULTED_TESTS.accept(body, account, services, idempotency_key)
    return TestAccepted(event_id=event.event_id)


@router.post("/tests/batch", openapi_extra=batch_route(TestIn))
async def report_tests(
    request: Request,
    account: Annotated[Account, requires("register", "clerk", "checkpoint")],
    services: ServicesDep,
) -> BatchResult:
    """The body is NDJSON or CSV, one result a row."""
    return await RESULTED_TESTS.accept_table(request, account, services)
