"""The doors at which the levels of zones are decided."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import field_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.services import ServicesDep
from api.http.fields import EmptyIsNone, Short
from api.http.problems import FieldFault, invalid
from api.reference.facts import PeriodIn, ReferenceAccepted, accept_fact, accept_facts, provenance
from schemas.contract.events import ZoneLevelDecided
from schemas.contract.terms import ZoneLevel
from schemas.domain.places import suggest, unit

router = APIRouter(prefix="/reference/zones", tags=["reference"])


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


@router.put("/{unit_code}")
async def set_zone(
    unit_code: str,
    body: ZoneIn,
    account: Annotated[Account, requires("register")],
    services: ServicesDep,
) -> ReferenceAccepted:
    """The level of a commune, district or province from `valid_from` on."""
    if unit(unit_code) is None:
        raise invalid([FieldFault(field="unit_code", reason=_no_unit(unit_code))])
    row = ZoneRowIn(**body.model_dump(), unit_code=unit_code)
    return await accept_fact(services, zone_event(row, account))


@router.post("/batch", openapi_extra=batch_route(ZoneRowIn))
async def set_zones(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """The zones of a whole decision, as NDJSON or CSV."""
    return await accept_facts(
        request, account, services, ZoneRowIn, lambda row: zone_event(row, account)
    )


def zone_event(row: ZoneRowIn, account: Account) -> ZoneLevelDecided:
    return ZoneLevelDecided(**row.model_dump(), **provenance("zone", row, account))


def _no_unit(code: str) -> str:
    suggestions = suggest(code)
    hint = f"; did you mean {' | '.join(suggestions)}?" if suggestions else ""
    return f"no province, district or commune of 2021 has this code{hint}"
