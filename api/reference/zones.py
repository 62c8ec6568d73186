"""The doors to zones: levels by place, now, earlier, or under a decision not adopted yet."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.http.fields import Input, Instant, Output
from api.http.problems import FieldFault, invalid
from api.reference.zone_levels import ZoneRowIn, zone_event
from schemas.contract.terms import ZoneLevel
from schemas.domain.places import parents, unit, unit_name, units
from schemas.domain.reference import ReferenceAsOf
from schemas.domain.zones import computed_levels

router = APIRouter(prefix="/reference/zones", tags=["reference"])
HOME_PROVINCE = "51"
"""The code of Quảng Ngãi."""
MAX_ROWS = 5_000


class ZoneOut(Output):
    """`level`: decided for the place itself, or for what it lies in (`decided_for`). `computed`:
    what the levels of its parts make of a district or province, whatever was decided for it."""

    unit_code: str
    name: str
    level: ZoneLevel | None
    decided_for: str | None
    decision: str | None
    valid_from: datetime | None
    computed: ZoneLevel | None


class ZoneMap(Output):
    """Every commune, district and the province itself for which anything was decided or
    computed."""

    at: datetime
    version: int
    """The version of the reference data: ask with an earlier one for what was believed then."""
    zones: list[ZoneOut]


class PreviewIn(Input):
    """Rows of a decision that is not adopted yet; `at`: when to compare, the earliest `valid_from`
    if not given."""

    zones: Annotated[list[ZoneRowIn], Field(min_length=1, max_length=MAX_ROWS)]
    at: Instant | None = None
    province_code: Annotated[str, Field(pattern=r"^\d{2}$")] = HOME_PROVINCE


class ZoneChange(Output):
    unit_code: str
    name: str
    before: ZoneLevel | None
    after: ZoneLevel | None


class ZonePreview(Output):
    """`communes`: whose level would change; `computed`: districts and the province that would
    become, or no longer be, very high. `journeys`: declared ones under way at that time from or to
    those communes."""

    at: datetime
    communes: list[ZoneChange]
    computed: list[ZoneChange]
    journeys: int
    people: int


@router.get("")
async def show_zones(
    account: Annotated[Account, requires(*EVERY_ROLE)],
    services: ServicesDep,
    at: Instant | None = None,
    version: Annotated[int | None, Query(ge=-1)] = None,
    province_code: Annotated[str, Query(pattern=r"^\d{2}$")] = HOME_PROVINCE,
) -> ZoneMap:
    """The zones in force at an instant (now, if not given), as known at a version of the reference
    data (the newest, if not given)."""
    reference = services.reference.current
    known = reference.as_of(reference.version if version is None else version)
    instant = at or datetime.now(UTC)
    computed = computed_levels(province_code, known, instant)
    every = [_zone(code, known, instant, computed.get(code)) for code in _inside(province_code)]
    zones = [zone for zone in every if zone.level or zone.computed]
    return ZoneMap(at=instant, version=known.version, zones=zones)


@router.post("/preview")
async def preview_zones(
    account: Annotated[Account, requires("register", "committee")],
    services: ServicesDep,
    body: PreviewIn,
) -> ZonePreview:
    """The changes that a decision would make. Writes nothing."""
    if unit(body.province_code) is None:
        reason = "no province of 2021 has this code"
        raise invalid([FieldFault(field="province_code", reason=reason)])
    at = body.at or min(row.valid_from for row in body.zones)
    current = services.reference.current
    candidate = deepcopy(current)
    for number, row in enumerate(body.zones, start=1):
        candidate.add(current.version + number, zone_event(row, account))
    before = current.as_of(current.version)
    after = candidate.as_of(candidate.version)
    communes = _changed_communes(body.province_code, before, after, at)
    computed = _changed_computed(body.province_code, before, after, at)
    counts = {"journeys": 0, "people": 0}
    if communes:
        touched = {"codes": [change.unit_code for change in communes], "at": at}
        (counts,) = await services.clickhouse.ask("reference/journeys_under_way", touched)
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


def _changed_communes(
    province_code: str, before: ReferenceAsOf, after: ReferenceAsOf, at: datetime
) -> list[ZoneChange]:
    changes = []
    for code in _inside(province_code):
        level_before = before.zone_level(code, at)
        level_after = after.zone_level(code, at)
        if level_before != level_after and _is_commune(code):
            changes.append(_change(code, level_before, level_after))
    return changes


def _changed_computed(
    province_code: str, before: ReferenceAsOf, after: ReferenceAsOf, at: datetime
) -> list[ZoneChange]:
    """Returns the district and the province that are computed on one of the two sides alone."""
    levels_before = computed_levels(province_code, before, at)
    levels_after = computed_levels(province_code, after, at)
    changed = sorted(levels_before.keys() ^ levels_after.keys())
    return [_change(code, levels_before.get(code), levels_after.get(code)) for code in changed]


def _change(code: str, before: ZoneLevel | None, after: ZoneLevel | None) -> ZoneChange:
    return ZoneChange(unit_code=code, name=unit_name(code) or code, before=before, after=after)


def _inside(province_code: str) -> list[str]:
    """Returns the codes of the province and of all units in it."""
    return sorted(
        code for code in units() if code == province_code or province_code in parents(code)
    )


def _is_commune(code: str) -> bool:
    place = unit(code)
    return place is not None and place.level == "commune"
