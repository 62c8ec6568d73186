"""The door for vaccination records (tiêm chủng), as the vaccination register exports them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field, field_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.doors import Doors, DoorsDep, under_document
from api.doors.idempotency import IdempotencyKey, id_by_key
from api.http.fields import (
    VIETNAM,
    BirthDate,
    Day,
    EmptyIsNone,
    Name,
    Output,
    SexIn,
    Short,
    WithDocument,
)
from schemas.contract.events import DoseAdministered
from schemas.contract.ids import EventId
from schemas.contract.terms import Sex
from schemas.contract.topics import VACCINATIONS

router = APIRouter(tags=["vaccinations"])
FIRST_DOSE = date(2021, 3, 8)
"""Day of the country's first dose against Covid-19: an earlier date is a slip."""


class DoseIn(WithDocument):
    """One dose given."""

    event_id: Annotated[UUID | None, EmptyIsNone] = None
    full_name: Name
    birth_date: BirthDate
    sex: Annotated[Sex, SexIn] = "unknown"
    dose_number: Annotated[int, Field(ge=1, le=20)]
    product: Short
    lot: Annotated[Short | None, EmptyIsNone] = None
    facility: Annotated[Short | None, EmptyIsNone] = None
    administered_on: Day

    @field_validator("administered_on")
    @classmethod
    def be_possible(cls, value: date) -> date:
        if not FIRST_DOSE <= value <= datetime.now(VIETNAM).date():
            raise ValueError(f"no dose was given before {FIRST_DOSE} or in the future")
        return value


class DoseAccepted(Output):
    event_id: str


@router.post("/vaccinations", status_code=HTTPStatus.ACCEPTED)
async def vaccinate(
    account: Annotated[Account, requires("register")],
    doors: DoorsDep,
    body: DoseIn,
    idempotency_key: IdempotencyKey = None,
) -> DoseAccepted:
    """202 means that the broker has it. The same `event_id` or `Idempotency-Key` makes a retry harmless."""
    event = dose_event(body, account, doors, datetime.now(UTC), idempotency_key)
    await doors.broker.accept(VACCINATIONS, event.document_key, event)
    return DoseAccepted(event_id=event.event_id)


@router.post("/vaccinations/batch", openapi_extra=batch_route(DoseIn))
async def vaccinate_batch(
    request: Request, account: Annotated[Account, requires("register")], doors: DoorsDep
) -> BatchResult:
    """NDJSON or CSV, one dose a row."""
    now = datetime.now(UTC)

    def event(body: DoseIn, row_id: Callable[[], str]) -> tuple[str, DoseAdministered]:
        made = dose_event(body, account, doors, now, None if body.event_id else row_id())
        return made.document_key, made

    return await doors.batches.take(request, VACCINATIONS, DoseIn, event)


def dose_event(
    body: DoseIn, account: Account, doors: Doors, received_at: datetime, idempotency_key: str | None
) -> DoseAdministered:
    derived = id_by_key("dose", account, idempotency_key, body)
    return DoseAdministered(
        **under_document(body.document, account, doors, received_at),
        **body.model_dump(exclude={"event_id", "document_kind", "document_number"}),
        event_id=EventId(str(body.event_id or derived or uuid4())),
    )
