"""The routes for doses (*mũi tiêm*), one dose or a table of them.

The vaccination register sends them, with an account of the role `register`. Accounts of this role
also send the rows of the population register and the reference data.
"""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field, field_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.idempotency import IdempotencyKey
from api.doors.services import ServicesDep
from api.http.fields import BirthDate, Day, EmptyIsNone, Name, Output, SexIn, Short, WithDocument
from schemas.contract.events import DoseAdministered
from schemas.contract.ids import EventId
from schemas.contract.terms import Sex
from schemas.contract.topics import VACCINATIONS
from schemas.domain.local_time import VIETNAM

router = APIRouter(tags=["vaccinations"])
FIRST_DOSE = date(2021, 3, 8)
"""Day of the country's first dose against Covid-19: an earlier date is a slip."""


class DoseIn(WithDocument):
    """One dose that a person received."""

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
    def check_date(cls, value: date) -> date:
        if not FIRST_DOSE <= value <= datetime.now(VIETNAM).date():
            raise ValueError(f"no dose was given before {FIRST_DOSE} or in the future")
        return value


class DoseAccepted(Output):
    event_id: str


def dose_event(body: DoseIn, submission: Submission) -> DoseAdministered:
    event_id = body.event_id or submission.retry_id() or uuid4()
    return DoseAdministered(
        **submission.about_holder(body.document),
        **body.model_dump(exclude={"event_id", "document_kind", "document_number"}),
        event_id=EventId(str(event_id)),
    )


DOSES = EventDoor("dose", VACCINATIONS, DoseIn, dose_event)


@router.post("/vaccinations", status_code=HTTPStatus.ACCEPTED)
async def vaccinate(
    body: DoseIn,
    account: Annotated[Account, requires("register")],
    services: ServicesDep,
    idempotency_key: IdempotencyKey = None,
) -> DoseAccepted:
    """202 means that the broker has the dose.

    The same `event_id` or `Idempotency-Key` makes a retry harmless.
    """
    event = await DOSES.accept(body, account, services, idempotency_key)
    return DoseAccepted(event_id=event.event_id)


@router.post("/vaccinations/batch", openapi_extra=batch_route(DoseIn))
async def vaccinate_batch(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """The body is NDJSON or CSV, one dose a row."""
    return await DOSES.accept_table(request, account, services)
