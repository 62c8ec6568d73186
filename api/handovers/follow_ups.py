"""The doors for follow-up reports on the contacts handed over."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field, field_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.accounts.jurisdiction import other_area, units_below
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.idempotency import IdempotencyKey
from api.doors.services import Services, ServicesDep
from api.handovers.since_issued import ExposedPerson, current_identities_of
from api.http.fields import Day, EmptyIsNone, Input, Output, PastInstant, Symptoms
from api.http.problems import FieldFault, Problem, invalid
from api.tracing.reassigned import document_pseudonyms
from api.tracing.trace_request import PersonIdIn
from schemas.contract.events import FollowUpReported
from schemas.contract.ids import EventId, PersonId
from schemas.contract.terms import FollowUpStatus
from schemas.contract.topics import FOLLOW_UPS
from schemas.domain.local_time import VIETNAM

router = APIRouter(prefix="/follow-ups", tags=["follow-ups"])


class FollowUpIn(Input):
    """A report on a contact on one day; a later report on the same day replaces it."""

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


@router.post("", status_code=HTTPStatus.ACCEPTED)
async def report_follow_up(
    account: Annotated[Account, requires("clerk", "committee", "tracer")],
    services: ServicesDep,
    body: FollowUpIn,
    idempotency_key: IdempotencyKey = None,
) -> FollowUpAccepted:
    """Takes a report: 202 means that the broker has it."""
    is_listed = await _is_listed(services, account, body.person_id)
    door = _door_for({body.person_id} if is_listed else set())
    event = await door.accept(body, account, services, idempotency_key)
    return FollowUpAccepted(event_id=event.event_id)


@router.post("/batch", openapi_extra=batch_route(FollowUpIn))
async def report_follow_ups(
    request: Request,
    account: Annotated[Account, requires("clerk", "committee", "tracer")],
    services: ServicesDep,
) -> BatchResult:
    """Takes NDJSON or CSV, one person and day a row."""
    door = _door_for(await _everybody_listed(services, account))
    return await door.accept_table(request, account, services)


def _door_for(listed: set[str]) -> EventDoor[FollowUpIn, FollowUpReported]:
    """Returns the door for reports on these people; a report on anybody else is refused."""

    def follow_up_event(body: FollowUpIn, submission: Submission) -> FollowUpReported:
        if body.person_id not in listed:
            raise _not_listed(submission.account)
        event_id = body.event_id or submission.retry_id() or uuid4()
        return FollowUpReported(
            **body.model_dump(exclude={"event_id", "reported_at", "person_id"}),
            event_id=EventId(str(event_id)),
            person_id=PersonId(body.person_id),
            reported_at=body.reported_at or submission.received_at,
            received_at=submission.received_at,
            submitted_by=submission.account.name,
        )

    return EventDoor("follow-up", FOLLOW_UPS, FollowUpIn, follow_up_event, uses_row_id_as_is=True)


def within_area(account: Account) -> dict[str, Any]:
    """Returns the parameters that limit a query to the account's area."""
    return {"any_area": not account.area, "area": list(units_below(account.area))}


async def _is_listed(services: Services, account: Account, person_id: str) -> bool:
    """Says whether somebody is, or was, on one of the lists of the account's area.

    A person whom a link has told to be somebody on a list is on it.
    """
    documents = await document_pseudonyms(services, [person_id])
    pseudonyms = [person_id, *(pseudonym for _, pseudonym in documents)]
    return bool(await _ever_listed(services, account, pseudonyms))


async def _everybody_listed(services: Services, account: Account) -> set[str]:
    """Returns all who are, or were, on one of the lists, under each pseudonym they have."""
    listed = await _ever_listed(services, account, None)
    identities = await current_identities_of(services, listed)
    return {person.person_id for person in listed} | set(identities.values())


async def _ever_listed(
    services: Services, account: Account, pseudonyms: list[str] | None
) -> list[ExposedPerson]:
    """Returns those of the people who were ever listed; everybody where none are named."""
    parameters = {
        "anybody": pseudonyms is None,
        "people": pseudonyms or [],
        **within_area(account),
    }
    rows = await services.clickhouse.ask("handovers/ever_listed", parameters)
    return [ExposedPerson(**row) for row in rows]


def _not_listed(account: Account) -> Problem:
    of_area = f" of {account.area}" if account.area else ""
    reason = f"this person is, and was, on no list{of_area}"
    faults = [FieldFault(field="person_id", reason=reason)]
    return other_area(account, faults) if account.area else invalid(faults)
