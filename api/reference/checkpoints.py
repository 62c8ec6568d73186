"""The doors at which checkpoints (*chốt kiểm soát*) are described: opened, changed, closed."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.services import ServicesDep
from api.http.fields import EmptyIsNone, PlaceCode, Short, TimeOfDay
from api.reference.facts import PeriodIn, ReferenceAccepted, accept_fact, accept_facts, provenance
from schemas.contract.events import CheckpointDescribed
from schemas.contract.terms import Side

router = APIRouter(prefix="/reference/checkpoints", tags=["reference"])


class CheckpointIn(PeriodIn):
    """A checkpoint (chốt kiểm soát). Hours are times of day in Vietnam; without them it is manned
    around the clock. With `closed` nobody mans it from `valid_from` on."""

    name: Short
    unit_code: PlaceCode
    road: Annotated[Short | None, EmptyIsNone] = None
    latitude: Annotated[Annotated[float, Field(ge=-90, le=90)] | None, EmptyIsNone] = None
    longitude: Annotated[Annotated[float, Field(ge=-180, le=180)] | None, EmptyIsNone] = None
    side: Annotated[Side | None, EmptyIsNone] = None
    lanes: Annotated[Annotated[int, Field(ge=1, le=50)] | None, EmptyIsNone] = None
    opens_at: Annotated[TimeOfDay | None, EmptyIsNone] = None
    closes_at: Annotated[TimeOfDay | None, EmptyIsNone] = None
    closed: bool = False


class CheckpointRowIn(CheckpointIn):
    checkpoint_id: Short


@router.put("/{checkpoint_id}")
async def describe_checkpoint(
    checkpoint_id: Short,
    body: CheckpointIn,
    account: Annotated[Account, requires("register")],
    services: ServicesDep,
) -> ReferenceAccepted:
    """A post opened, changed or, with `closed`, closed; with `valid_to`, for a time."""
    row = CheckpointRowIn(**body.model_dump(), checkpoint_id=checkpoint_id)
    return await accept_fact(services, _checkpoint_event(row, account))


@router.post("/batch", openapi_extra=batch_route(CheckpointRowIn))
async def describe_checkpoints(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """The body is NDJSON or CSV, one post a row."""
    return await accept_facts(
        request, account, services, CheckpointRowIn, lambda row: _checkpoint_event(row, account)
    )


def _checkpoint_event(row: CheckpointRowIn, account: Account) -> CheckpointDescribed:
    return CheckpointDescribed(**row.model_dump(), **provenance("checkpoint", row, account))
