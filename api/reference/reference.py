"""The doors for zones and checkpoints, and what all doors for reference data share: facts in force from an instant on, never erased."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field, field_validator

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.doors import Doors, DoorsDep
from api.http.fields import EmptyIsNone, Input, Instant, Output, PlaceCode, Short, TimeOfDay, Until
from api.http.problems import FieldFault, invalid
from infra.errors import Unavailable
from schemas.contract.events import CheckpointDescribed, ReferenceEvent, ZoneLevelDecided
from schemas.contract.ids import EventId, derive_id
from schemas.contract.terms import Side, ZoneLevel
from schemas.contract.topics import REFERENCE
from schemas.domain.places import suggest, unit

router = APIRouter(prefix="/reference", tags=["reference"])


class PeriodIn(Input):
    valid_from: Instant
    valid_to: Annotated[Until | None, EmptyIsNone] = None

    @field_validator("valid_to")
    @classmethod
    def end_after_begin(cls, value: datetime | None, info: Any) -> datetime | None:
        begin = info.data.get("valid_from")
        if value is not None and begin is not None and value <= begin:
            raise ValueError("it does not lie after valid_from")
        return value


class ZoneIn(PeriodIn):
    """A level of risk by Decision 2686/QĐ-BCĐQG."""

    level: ZoneLevel
    decision: Annotated[Short | None, EmptyIsNone] = None


class ZoneRowIn(ZoneIn):
    unit_code: str

    @field_validator("unit_code")
    @classmethod
    def be_a_unit(cls, value: str) -> str:
        if unit(value) is None:
            raise ValueError(_no_unit(value))
        return value


class CheckpointIn(PeriodIn):
    """A checkpoint (chốt kiểm soát). Hours are times of day in Vietnam; without them it is manned around the clock. With `closed` nobody
    mans it from `valid_from` on."""

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


class ReferenceAccepted(Output):
    event_id: str
    version: int
    """Version of the reference data that this door knows now, this fact included."""


class ReferenceVersion(Output):
    version: int


@router.put("/zones/{unit_code}")
async def set_zone(
    account: Annotated[Account, requires("register")], doors: DoorsDep, unit_code: str, body: ZoneIn
) -> ReferenceAccepted:
    """The level of a commune, district or province from `valid_from` on."""
    if unit(unit_code) is None:
        raise invalid([FieldFault(field="unit_code", reason=_no_unit(unit_code))])
    return await accept_fact(
        doors,
        zone_event(ZoneRowIn(**body.model_dump(), unit_code=unit_code), account),
    )


@router.post("/zones/batch", openapi_extra=batch_route(ZoneRowIn))
async def set_zones(
    request: Request, account: Annotated[Account, requires("register")], doors: DoorsDep
) -> BatchResult:
    """The zones of a whole decision, NDJSON or CSV."""
    return await accept_batch(
        request, doors, ZoneRowIn, lambda body, _: (None, zone_event(body, account))
    )


@router.put("/checkpoints/{checkpoint_id}")
async def describe_checkpoint(
    account: Annotated[Account, requires("register")],
    doors: DoorsDep,
    checkpoint_id: Short,
    body: CheckpointIn,
) -> ReferenceAccepted:
    """A post opened, changed or, with `closed`, closed; with `valid_to`, for a time."""
    row = CheckpointRowIn(**body.model_dump(), checkpoint_id=checkpoint_id)
    return await accept_fact(doors, _checkpoint(row, account))


@router.post("/checkpoints/batch", openapi_extra=batch_route(CheckpointRowIn))
async def describe_checkpoints(
    request: Request, account: Annotated[Account, requires("register")], doors: DoorsDep
) -> BatchResult:
    """NDJSON or CSV, one post a row."""
    return await accept_batch(
        request, doors, CheckpointRowIn, lambda body, _: (None, _checkpoint(body, account))
    )


@router.get("/version")
async def version(
    account: Annotated[Account, requires(*EVERY_ROLE)], doors: DoorsDep
) -> ReferenceVersion:
    """How far this door has read the reference data."""
    return ReferenceVersion(version=doors.reference.current.version)


async def accept_fact(doors: Doors, event: ReferenceEvent) -> ReferenceAccepted:
    before = doors.reference.current.version
    await doors.broker.accept(REFERENCE, None, event)
    await _await_growth(doors, before)
    return ReferenceAccepted(event_id=event.event_id, version=doors.reference.current.version)


async def accept_batch(
    request: Request, doors: Doors, model: type[Any], make_event: Any
) -> BatchResult:
    before = doors.reference.current.version
    result = await doors.batches.take(request, REFERENCE, model, make_event)
    if result.accepted:
        await _await_growth(doors, before + result.accepted - 1)
    return result


async def _await_growth(doors: Doors, version: int) -> None:
    """Answers when this door itself judges by the new fact."""
    if not await asyncio.to_thread(
        doors.reference.wait_for, version + 1, doors.settings.request_timeout_s
    ):
        raise Unavailable("kafka", "the reference data is not read back")


def zone_event(body: ZoneRowIn, account: Account) -> ZoneLevelDecided:
    return ZoneLevelDecided(
        **body.model_dump(),
        event_id=EventId(derive_id("zone", body.model_dump_json())),
        received_at=datetime.now(UTC),
        submitted_by=account.name,
    )


def _checkpoint(body: CheckpointRowIn, account: Account) -> CheckpointDescribed:
    return CheckpointDescribed(
        **body.model_dump(),
        event_id=EventId(derive_id("checkpoint", body.model_dump_json())),
        received_at=datetime.now(UTC),
        submitted_by=account.name,
    )


def _no_unit(code: str) -> str:
    suggestions = suggest(code)
    hint = f"; did you mean {' | '.join(suggestions)}?" if suggestions else ""
    return f"no province, district or commune of 2021 has this code{hint}"
