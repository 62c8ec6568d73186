"""Zones as they stand, stood, or would stand: levels by place, what is computed of them, and what a decision would change."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.doors import DoorsDep
from api.http.fields import Input, Instant, Output
from api.http.problems import FieldFault, invalid
from api.reference.reference import ZoneRowIn, zone_event
from schemas.contract.terms import ZoneLevel
from schemas.domain.places import parents, unit, unit_name, units
from schemas.domain.reference import ReferenceAsOf
from schemas.domain.zones import computed_levels

router = APIRouter(prefix="/reference/zones", tags=["reference"])
HOME_PROVINCE = "51"
"""Quảng Ngãi."""
ROWS_MOST = 5_000


class ZoneOut(Output):
    """`level`: decided for the place itself, or for what it lies in (`decided_for`). `computed`: what the levels of its parts make of a
    district or province, whatever was decided for it."""

    unit_code: str
    name: str
    level: ZoneLevel | None
    decided_for: str | None
    decision: str | None
    valid_from: datetime | None
    computed: ZoneLevel | None


class ZoneMap(Output):
    """Every commune, district and the province itself for which anything was decided or computed."""

    at: datetime
    version: int
    """Of the reference data: ask with an earlier one for what was believed then."""
    zones: list[ZoneOut]


class PreviewIn(Input):
    """Rows of a decision that is not adopted yet; `at`: when to compare, the earliest `valid_from` if not given."""

    zones: Annotated[list[ZoneRowIn], Field(min_length=1, max_length=ROWS_MOST)]
    at: Instant | None = None
    province_code: Annotated[str, Field(pattern=r"^\d{2}$")] = HOME_PROVINCE


class ZoneChange(Output):
    unit_code: str
    name: str
    before: ZoneLevel | None
    after: ZoneLevel | None


class ZonePreview(Output):
    """`communes`: whose level would change; `computed`: districts and the province that would become, or no longer be, very high.
    `journeys`: declared ones under way at that time from or to those communes."""

    at: datetime
    communes: list[ZoneChange]
    computed: list[ZoneChange]
    journeys: int
    people: int


@router.get("")
async def show_zones(
    account: Annotated[Account, requires(*EVERY_ROLE)],
    doors: DoorsDep,
    at: Instant | None = None,
    version: Annotated[int | None, Query(ge=-1)] = None,
    province_code: Annotated[str, Query(pattern=r"^\d{2}$")] = HOME_PROVINCE,
) -> ZoneMap:
    """In force at an instant (now, if not given), as known at a version of the reference data (the newest, if not given)."""
    reference = doors.reference.current
    known, asked = (
        reference.as_of(reference.version if version is None else version),
        at or datetime.now(UTC),
    )
    computed = computed_levels(province_code, known, asked)
    zones = [_zone(code, known, asked, computed.get(code)) for code in _inside(province_code)]
    return ZoneMap(
        at=asked, version=known.version, zones=[one for one in zones if one.level or one.computed]
    )


@router.post("/preview")
async def preview_zones(
    account: Annotated[Account, requires("register", "committee")], doors: DoorsDep, body: PreviewIn
) -> ZonePreview:
    """What a decision would change. Writes nothing."""
    if unit(body.province_code) is None:
        raise invalid(
            [FieldFault(field="province_code", reason="no province of 2021 has this code")]
        )
    at = body.at or min(row.valid_from for row in body.zones)
    now = doors.reference.current
    then = deepcopy(now)
    for number, row in enumerate(body.zones, start=1):
        then.add(now.version + number, zone_event(row, account))
    before, after = now.as_of(now.version), then.as_of(then.version)
    communes = [
        change
        for code in _inside(body.province_code)
        if _is_place(code) and (change := _change(code, before, after, at))
    ]
    levels = (
        computed_levels(body.province_code, before, at),
        computed_levels(body.province_code, after, at),
    )
    computed = [
        ZoneChange(
            unit_code=code,
            name=unit_name(code) or code,
            before=levels[0].get(code),
            after=levels[1].get(code),
        )
        for code in sorted(levels[0].keys() ^ levels[1].keys())
    ]
    touched = {"codes": [change.unit_code for change in communes], "at": at}
    counts = (
        (await doors.clickhouse.ask("reference/journeys_under_way", touched))[0]
        if communes
        else {"journeys": 0, "people": 0}
    )
    return ZonePreview(at=at, communes=communes, computed=computed, **counts)


def _zone(code: str, known: ReferenceAsOf, at: datetime, computed: ZoneLevel | None) -> ZoneOut:
    decided = known.zone(code, at)
    return ZoneOut(
        unit_code=code,
        name=unit_name(code) or code,
        level=decided.level if decided else None,
        decided_for=decided.unit_code if decided else None,
        decision=decided.decision if decided else None,
        valid_from=decided.valid_from if decided else None,
        computed=computed,
    )


def _change(
    code: str, before: ReferenceAsOf, after: ReferenceAsOf, at: datetime
) -> ZoneChange | None:
    was, would_be = before.zone_level(code, at), after.zone_level(code, at)
    return (
        None
        if was == would_be
        else ZoneChange(unit_code=code, name=unit_name(code) or code, before=was, after=would_be)
    )


def _inside(province_code: str) -> list[str]:
    return sorted(
        code for code in units() if code == province_code or province_code in parents(code)
    )


def _is_place(code: str) -> bool:
    found = unit(code)
    return found is not None and found.level == "commune"
