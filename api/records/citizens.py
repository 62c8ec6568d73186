"""The doors for snapshots of the population register (*Cơ sở dữ liệu quốc gia về dân cư*)."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, Field, field_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.services import ServicesDep
from api.http.fields import (
    BirthDate,
    Detail,
    EmptyIsNone,
    Input,
    Name,
    Output,
    PastInstant,
    PlaceCode,
    SexIn,
    Short,
    one_of,
    read_document,
)
from schemas.contract.events import CitizenRecorded, CitizenRemoved, HeldDocument
from schemas.contract.ids import EventId, derive_id
from schemas.contract.terms import RemovalReason, Sex
from schemas.contract.topics import REGISTRY_CITIZENS
from schemas.domain.documents import DocumentKind

router = APIRouter(tags=["registry"])
REASONS = {
    "chết": "deceased",
    "đã chết": "deceased",
    "chuyển đi": "moved_away",
    "khác": "other",
    "": "unknown",
}


class CitizenIn(Input):
    """One row of the register. `person_number`: the personal identification number (số định danh
    cá nhân), which is the CCCD's."""

    person_number: Annotated[str, Field(pattern=r"^\d{12}$")]
    cmnd: Annotated[str | None, EmptyIsNone] = None
    bhyt: Annotated[str | None, EmptyIsNone] = None
    passport: Annotated[str | None, EmptyIsNone] = None
    full_name: Name
    birth_date: BirthDate
    sex: Annotated[Sex, SexIn] = "unknown"
    phone: Annotated[Short | None, EmptyIsNone] = None
    permanent_code: Annotated[PlaceCode | None, EmptyIsNone] = None
    permanent_detail: Annotated[Detail | None, EmptyIsNone] = None
    temporary_code: Annotated[PlaceCode | None, EmptyIsNone] = None
    household_number: Annotated[Short | None, EmptyIsNone] = None
    snapshot_id: Short = "unnamed"
    recorded_at: Annotated[PastInstant | None, EmptyIsNone] = None

    @field_validator("cmnd", "bhyt", "passport")
    @classmethod
    def read_number(cls, value: str | None, info: Any) -> str | None:
        return value and read_document(DocumentKind(info.field_name), value).number


class RemovalIn(Input):
    """A person whom the register no longer has: deceased, moved to another register, or entered by
    mistake."""

    person_number: Annotated[str, Field(pattern=r"^\d{12}$")]
    snapshot_id: Short = "unnamed"
    removed_at: Annotated[PastInstant | None, EmptyIsNone] = None
    reason: Annotated[RemovalReason, BeforeValidator(one_of(REASONS))] = "unknown"


class CitizenAccepted(Output):
    event_id: str


def citizen_event(body: CitizenIn, submission: Submission) -> CitizenRecorded:
    numbers = {
        "cccd": body.person_number,
        "cmnd": body.cmnd,
        "bhyt": body.bhyt,
        "passport": body.passport,
    }
    return CitizenRecorded(
        **body.model_dump(exclude={"cmnd", "bhyt", "passport", "recorded_at"}),
        event_id=EventId(derive_id("citizen-recorded", body.snapshot_id, body.person_number)),
        documents=[HeldDocument(kind, number) for kind, number in numbers.items() if number],  # type: ignore[arg-type] # keys are kinds
        recorded_at=body.recorded_at or submission.received_at,
        received_at=submission.received_at,
    )


def removal_event(body: RemovalIn, submission: Submission) -> CitizenRemoved:
    return CitizenRemoved(
        event_id=EventId(derive_id("citizen-removed", body.snapshot_id, body.person_number)),
        person_number=body.person_number,
        snapshot_id=body.snapshot_id,
        removed_at=body.removed_at or submission.received_at,
        reason=body.reason,
        received_at=submission.received_at,
    )


CITIZENS = EventDoor("citizen", REGISTRY_CITIZENS, CitizenIn, citizen_event)
REMOVALS = EventDoor("removal", REGISTRY_CITIZENS, RemovalIn, removal_event)


@router.post("/registry/citizens", status_code=HTTPStatus.ACCEPTED)
async def record_citizen(
    body: CitizenIn, account: Annotated[Account, requires("register")], services: ServicesDep
) -> CitizenAccepted:
    """202 means that the broker has it. The same row of the same snapshot again does no harm."""
    event = await CITIZENS.accept(body, account, services)
    return CitizenAccepted(event_id=event.event_id)


@router.post("/registry/citizens/batch", openapi_extra=batch_route(CitizenIn))
async def record_citizens(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """The body is NDJSON or CSV, one citizen a row."""
    return await CITIZENS.accept_table(request, account, services)


@router.post("/registry/removals", status_code=HTTPStatus.ACCEPTED)
async def remove_citizen(
    body: RemovalIn, account: Annotated[Account, requires("register")], services: ServicesDep
) -> CitizenAccepted:
    """202 means that the broker has it. The register knows the person no longer. When somebody
    died or moved away, documents and what was done with them stay theirs; otherwise documents are
    unlinked, and what was done stays with the documents."""
    event = await REMOVALS.accept(body, account, services)
    return CitizenAccepted(event_id=event.event_id)


@router.post("/registry/removals/batch", openapi_extra=batch_route(RemovalIn))
async def remove_citizens(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """The body is NDJSON or CSV, one removed person a row."""
    return await REMOVALS.accept_table(request, account, services)
