"""Backward traces: where a case may have caught it, and from whom."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.backends.clickhouse import ReadSide
from api.doors.doors import Doors, doors_of
from api.http.fields import Output
from api.http.problems import FieldFault, invalid
from api.tracing.cases import with_case
from api.tracing.contacts import EVER_MS, Infectious
from api.tracing.generation import contacts_of
from api.tracing.responses import (
    ContactOut,
    RulesOut,
    UnlistedOut,
    contact_out,
    instant,
    ms,
    rules_out,
    unlisted_out,
)
from api.tracing.sources import (
    Milestone,
    PeriodMs,
    Source,
    milestones,
    sources,
    with_cases_of_crowds,
)
from api.tracing.trace_request import BackwardIn, rules_of
from schemas.contract.events import ExposureRulesAdopted

router = APIRouter(prefix="/traces", tags=["traces"])
MEETINGS_SHOWN = 5
CROWD_MOST = 10_000
"""Contacts of one stay that are looked through for known cases."""
SLICES, SLICE_ENDS, ALL_END = 256, "01", "g"
"""Of people, by the first two hexadecimal digits of their pseudonyms; and before what those of the first slice end, and all."""
ENOUGH = 1_000
"""People of one slice who say how many all are, to about three in a hundred."""
ORDER = "milestones: the least likely by chance first, then the emptiest; sources: known cases first, then the rarest meetings"


class MilestoneOut(Output):
    """Where the case was (mốc dịch tễ). `surprise`: 2 means that so many known cases meet here by chance once in a hundred times."""

    place: str
    presence_id: str
    first_met: datetime
    people: int
    cases: list[str]
    surprise: float


class SourceOut(Output):
    """Somebody met. `rarity`: bits by which the meetings stand out; a meeting in a crowd counts little, and so does one
    whose period is known only roughly."""

    person_id: str
    known_case: bool
    rarity: float
    meetings: list[ContactOut]
    more_meetings: int


class BackwardTrace(Output):
    person_id: str
    rules: RulesOut
    since: datetime
    until: datetime
    known_at: datetime | None
    ranked_by: str
    stays: int
    """Stays of the case that are known in the period."""
    active_people: int
    """People who were anywhere in the period, of many to about three in a hundred: what chance is reckoned from."""
    milestones: list[MilestoneOut]
    sources: list[SourceOut]
    more_sources: int
    """Ranked below those listed."""
    unlisted: list[UnlistedOut]
    """Stays in crowds: of those below the cut only known cases are sources, as far as the 10,000 strongest contacts of a stay go."""
    cases_without_period: int
    """Known cases left out, because the rules do not say from when they could infect."""


@router.post("/backward")
async def trace_backward(
    request: Request, account: Annotated[Account, requires("tracer")], body: BackwardIn
) -> BackwardTrace:
    """Where a case may have caught it, and from whom: its stays and the people met there, by how little chance explains."""
    return await sources_of(doors_of(request), body)


async def sources_of(doors: Doors, body: BackwardIn) -> BackwardTrace:
    """Raises `Problem` for a question that leaves open what it should say."""
    ask = doors.clickhouse
    body = await with_case(ask, body)
    rules, dated = (
        rules_of(doors.reference.latest, body.rules_id, body.dated, body.known_at),
        body.dated,
    )
    if dated is None:
        raise invalid([FieldFault(field="onset_at", reason="give onset_at or sampled_at")])
    since, until = (
        dated - timedelta(days=body.days_before),
        dated - timedelta(days=body.days_before_least or 0),
    )
    if since >= until:
        raise invalid(
            [
                FieldFault(
                    field="days_before_least",
                    reason="it is not less than days_before: no day is left",
                )
            ]
        )
    known_at_ms = None if body.known_at is None else ms(body.known_at)
    asked = Infectious(body.person_id or "", ms(since), ms(until))
    known_by_ms = EVER_MS if known_at_ms is None else known_at_ms
    (met, unlisted, stays), active = await asyncio.gather(
        contacts_of(
            doors.together,
            [asked],
            rules,
            known_at_ms=known_at_ms,
            most_per_stay=body.most_per_stay,
        ),
        _active_people(
            ask, {"since": asked.since_ms, "until": asked.until_ms, "known_at": known_by_ms}
        ),
    )
    cases = await _known_cases(ask, rules, body, asked, known_by_ms)
    if unlisted:
        crowds, *_ = await contacts_of(
            doors.together, [asked], rules, known_at_ms=known_at_ms, most_per_stay=CROWD_MOST
        )
        met, unlisted = with_cases_of_crowds(met, unlisted, crowds, cases.known)
    found = sources(met, unlisted, cases.known, active)
    return BackwardTrace(
        person_id=asked.person_id,
        rules=rules_out(rules, _assumed(body, cases)),
        since=since,
        until=until,
        known_at=body.known_at,
        ranked_by=ORDER,
        stays=len(stays),
        active_people=active,
        milestones=[_milestone_out(one) for one in milestones(met, unlisted, cases.known, active)],
        sources=[_source_out(one) for one in found[: body.most_sources]],
        more_sources=max(0, len(found) - body.most_sources),
        unlisted=[UnlistedOut(**one) for one in unlisted_out(unlisted)],
        cases_without_period=cases.without_period,
    )


async def _active_people(ask: ReadSide, period: dict[str, int]) -> int:
    """As many times those of one slice as there are slices, if that slice has enough; else all, who are not too many to count."""
    (slice_of_all,) = await ask.ask("tracing/active", {**period, "below": SLICE_ENDS})
    if slice_of_all["people"] >= ENOUGH:
        return int(slice_of_all["people"]) * SLICES
    (everybody,) = await ask.ask("tracing/active", {**period, "below": ALL_END})
    return int(everybody["people"])


def _assumed(body: BackwardIn, cases: "_Cases") -> list[str]:
    left_open = {
        "days_before_least": body.days_before_least is None,
        "infectious_days": cases.without_end > 0,
    }
    return [name for name, is_open in left_open.items() if is_open]


def _milestone_out(one: Milestone) -> MilestoneOut:
    return MilestoneOut(
        place=one.place,
        presence_id=one.presence_id,
        first_met=instant(one.first_met_ms),
        people=one.people,
        cases=list(one.cases),
        surprise=round(one.surprise, 2),
    )


def _source_out(one: Source) -> SourceOut:
    return SourceOut(
        person_id=one.person_id,
        known_case=one.known_case,
        rarity=round(one.rarity, 1),
        meetings=[contact_out(meeting) for meeting in one.meetings[:MEETINGS_SHOWN]],
        more_meetings=max(0, len(one.meetings) - MEETINGS_SHOWN),
    )


@dataclass(slots=True)
class _Cases:
    """The other confirmed cases that could infect within the period; of how many no rule says from when, of how many nobody until when."""

    known: dict[str, list[PeriodMs]]
    without_period: int = 0
    without_end: int = 0


async def _known_cases(
    ask: ReadSide,
    rules: ExposureRulesAdopted,
    body: BackwardIn,
    asked: Infectious,
    known_at_ms: int,
) -> _Cases:
    cases = _Cases({})
    for case in await ask.ask("tracing/confirmed", {"known_at": known_at_ms}):
        if case["person_id"] == body.person_id:
            continue
        since = _infectious_since(case, rules, body.days_before_sampling)
        if since is None:
            cases.without_period += 1
            continue
        until = _infectious_until(case, body.infectious_days)
        period = ms(since), EVER_MS if until is None else ms(until)
        if period[0] < period[1] and period[0] <= asked.until_ms and period[1] >= asked.since_ms:
            cases.known.setdefault(case["person_id"], []).append(period)
            cases.without_end += until is None
    return cases


def _infectious_since(
    case: Mapping[str, Any], rules: ExposureRulesAdopted, days_before_sampling: int | None
) -> datetime | None:
    if case["onset"] is not None:
        return case["onset"] - timedelta(days=rules.days_before_onset)  # type: ignore[no-any-return] # ClickHouse gives a time
    days = rules.days_before_sampling if days_before_sampling is None else days_before_sampling
    return None if days is None else case["sampled"] - timedelta(days=days)


def _infectious_until(case: Mapping[str, Any], infectious_days: int | None) -> datetime | None:
    if case["isolated"] is not None or infectious_days is None:
        return case["isolated"]  # type: ignore[no-any-return] # ClickHouse gives a time, or none
    return (case["onset"] or case["sampled"]) + timedelta(days=infectious_days)  # type: ignore[no-any-return] # ClickHouse gives a time
