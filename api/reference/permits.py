"""The doors for green lane permits (*giấy nhận diện luồng xanh*).

A permit is issued, extended, changed or revoked, and a decree extends all that end in a period.
"""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Request
from pydantic import Field, field_validator, model_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.services import Services, ServicesDep
from api.http.fields import EmptyIsNone, Input, Instant, Plate, Short, Until, Words, read_document
from api.reference.facts import PeriodIn, ReferenceAccepted, accept_fact, accept_facts, provenance
from schemas.contract.events import PermitsExtended, VehiclePermitted

router = APIRouter(prefix="/reference/permits", tags=["reference"])
MAX_CREW = 20


class PermitIn(PeriodIn):
    """A later word on the same permit holds, and is whole: another `valid_to` extends it,
    `revoked_at` makes it void. `plate`: of the vehicle, or of the tractor. `crew`: numbers of the
    documents of driver and mates; empty: anybody. `roads`: as posts name them."""

    plate: Plate
    trailer_plate: Annotated[Plate | None, EmptyIsNone] = None
    crew: Annotated[Words, Field(max_length=MAX_CREW)] = Field(default_factory=list)
    roads: Words = Field(default_factory=list, max_length=50)
    revoked_at: Annotated[Instant | None, EmptyIsNone] = None

    @field_validator("crew")
    @classmethod
    def be_documents(cls, value: list[str]) -> list[str]:
        for number in value:
            read_document(None, number)
        return value


class PermitRowIn(PermitIn):
    permit_id: Short


class ExtensionIn(Input):
    """A decree: every permit that ends from `ending_from` to `ending_to`, both included, holds
    until `extended_to`."""

    ending_from: Instant
    ending_to: Until
    extended_to: Until
    decision: Annotated[Short | None, EmptyIsNone] = None

    @model_validator(mode="after")
    def be_in_order(self) -> Self:
        if not self.ending_from <= self.ending_to < self.extended_to:
            raise ValueError("ending_from, ending_to and extended_to do not follow each other")
        return self


@router.put("/{permit_id}")
async def permit_vehicle(
    account: Annotated[Account, requires("register")],
    services: ServicesDep,
    permit_id: Short,
    body: PermitIn,
) -> ReferenceAccepted:
    """A vehicle may use the green lane (luồng xanh); said again, the permit is as said last."""
    row = PermitRowIn(**body.model_dump(), permit_id=permit_id)
    return await accept_fact(services, _permit(row, account, services))


@router.post("/batch", openapi_extra=batch_route(PermitRowIn))
async def permit_vehicles(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """The body is NDJSON or CSV; several crew numbers or roads in one cell are split by commas or
    semicolons."""
    return await accept_facts(
        request, account, services, PermitRowIn, lambda row: _permit(row, account, services)
    )


@router.post("/extensions")
async def extend_permits(
    account: Annotated[Account, requires("register")], services: ServicesDep, body: ExtensionIn
) -> ReferenceAccepted:
    """A decree: every permit that ends within a period is good for longer."""
    event = PermitsExtended(**body.model_dump(), **provenance("permits-extended", body, account))
    return await accept_fact(services, event)


def _permit(body: PermitRowIn, account: Account, services: Services) -> VehiclePermitted:
    pseudonyms = services.pseudonyms
    stated: dict[str, Any] = body.model_dump(
        include={"permit_id", "roads", "revoked_at", "valid_from", "valid_to"}
    )
    return VehiclePermitted(
        **stated,
        **provenance("permit", body, account),
        vehicle_key=pseudonyms.vehicle(body.plate),
        trailer_key=pseudonyms.vehicle(body.trailer_plate) if body.trailer_plate else None,
        crew_keys=[pseudonyms.document(read_document(None, number)) for number in body.crew],
    )
