"""Backward traces: where a case may have caught it, and from whom."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.backends.clickhouse import ReadSide
from api.doors.services import Services, ServicesDep
from api.http.fields import Output
from api.http.problems import FieldFault, invalid
from api.tracing.cases import with_case
from api.tracing.contacts import EVER_MS, Encounters, Infectious
from api.tracing.crowded_hours import MAX_LISTED_PER_HOUR, NO_LIMIT
from api.tracing.generation import encounters_of
from api.tracing.known_cases import InfectiousCases, infectious_cases
from api.tracing.responses import (
    ContactOut,
    RulesOut,
    UnlistedOut,
    contact_out,
    crowd_out,
    instant,
    ms,
    rules_out,
    trace_crowds,
    trace_rules,
)
from api.tracing.sources import Milestone, Source, milestones, sources, with_cases_of_crowds
from api.tracing.trace_request import BackwardIn, rules_of
from api.tracing.trace_services import TraceServices, known_rules
from schemas.contract.events import ExposureRulesAdopted

router = APIRouter(prefix="/traces", tags=["traces"])
MEETINGS_SHOWN = 5
MAX_OF_CROWD = 10_000
"""Number of contacts of one stay that are looked through for known cases."""
SLICES = 256
"""Number of slices of pseudonyms, by their first two hexadecimal digits."""
FIRST_SLICE_END = "01"
"""End of the first slice: its pseudonyms come before this."""
ALL_END = "g"
"""End of the last slice: all pseudonyms come before this."""
ENOUGH = 1_000
"""Number of people of one slice from which all are estimated, to about three in a hundred."""
ORDER = (
    "milestones: the least likely by chance first, then the emptiest; "
    "sources: known cases first, then the rarest meetings"
)


class MilestoneOut(Output):
    """A place and time at which the case was (mốc dịch tễ).

    A `surprise` of 2: by chance this many known cases meet here once in a hundred times.
    """

    place: str
    presence_id: str
    first_met: datetime
    people: int
    cases: list[str]
    surprise: float


class SourceOut(Output):
    """A person met.

    `rarity` is in bits, by which the meetings stand out. A meeting in a crowd counts little, and so
    does one whose period is known only roughly.
    """

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
    """Number of the case's stays in the period."""
    active_people: int
    """Number of people who were anywhere in the period: chance is reckoned from that.

    A large number is an estimate, right to about three in a hundred.
    """
    milestones: list[MilestoneOut]
    sources: list[SourceOut]
    more_sources: int
    """Number of sources that rank below those listed."""
    unlisted: list[UnlistedOut]
    """Crowded stays.

    People not listed are sources only if they are known cases, and among the 10,000 strongest
    contacts of the stay.
    """
    cases_without_period: int
    """Number of known cases left out: the rules do not say from when they could infect."""


@router.post("/backward", response_model=BackwardTrace)
async def trace_backward(
    account: Annotated[Account, requires("tracer")], services: ServicesDep, body: BackwardIn
) -> Response:
    """Tells where a case may have caught it, and from whom.

    The case's stays and the people met there are ranked by how little chance explains.
    """
    encoded = await services.tracer.call("backward", known_rules(services), body)
    return Response(encoded, media_type="application/json")


async def backward_trace_of(services: Services, request: BackwardIn) -> BackwardTrace:
    """Traces the case. Raises `Problem` for a request that leaves open what it should say."""
    encoded = await services.tracer.call("backward", known_rules(services), request)
    return BackwardTrace.model_validate_json(encoded)


async def backward_answer(services: TraceServices, request: BackwardIn) -> BackwardTrace:
    """Computes the trace, in the process that traces."""
    request = await with_case(services.clickhouse, request)
    rules = rules_of(services.rules, request.rules_id, request.dated, request.known_at)
    since, until = _period(request)
    case = Infectious(request.person_id or "", ms(since), ms(until))
    known_at_ms = EVER_MS if request.known_at is None else ms(request.known_at)
    encounters, active_people = await asyncio.gather(
        _encounters(services, request, rules, case, request.most_per_stay),
        _active_people(services.clickhouse, case, known_at_ms),
    )
    cases = await infectious_cases(services.clickhouse, rules, request, case, known_at_ms)
    contacts, crowds = encounters.contacts, encounters.crowds
    if crowds:
        # Known cases are sought in full hours too, at the cost of one case's stays there.
        whole = await _encounters(services, request, rules, case, MAX_OF_CROWD, NO_LIMIT)
        contacts, crowds = with_cases_of_crowds(contacts, crowds, whole.contacts, cases.periods)
    stays = milestones(contacts, crowds, cases.periods, active_people)
    people = sources(contacts, crowds, cases.periods, active_people)
    return BackwardTrace(
        person_id=case.person_id,
        rules=rules_out(trace_rules(rules, _assumed(request, cases))),
        since=since,
        until=until,
        known_at=request.known_at,
        ranked_by=ORDER,
        stays=len(encounters.stays),
        active_people=active_people,
        milestones=[_milestone_out(milestone) for milestone in stays],
        sources=[_source_out(source) for source in people[: request.most_sources]],
        more_sources=max(0, len(people) - request.most_sources),
        unlisted=[crowd_out(crowd) for crowd in trace_crowds(crowds)],
        cases_without_period=cases.without_period,
    )


def _period(request: BackwardIn) -> tuple[datetime, datetime]:
    """Returns from when to when the case may have caught it. Raises `Problem`."""
    if request.dated is None:
        raise invalid([FieldFault(field="onset_at", reason="give onset_at or sampled_at")])
    since = request.dated - timedelta(days=request.days_before)
    until = request.dated - timedelta(days=request.days_before_least or 0)
    if since >= until:
        reason = "it is not less than days_before: no day is left"
        raise invalid([FieldFault(field="days_before_least", reason=reason)])
    return since, until


async def _encounters(
    services: TraceServices,
    request: BackwardIn,
    rules: ExposureRulesAdopted,
    case: Infectious,
    most_per_stay: int,
    max_per_hour: int = MAX_LISTED_PER_HOUR,
) -> Encounters:
    return await encounters_of(
        services.batched_queries,
        [case],
        rules,
        known_at_ms=None if request.known_at is None else ms(request.known_at),
        most_per_stay=most_per_stay,
        max_per_hour=max_per_hour,
    )


async def _active_people(ask: ReadSide, period: Infectious, known_at_ms: int) -> int:
    """Counts the people who were anywhere in the period.

    If the first slice of pseudonyms has enough people, it stands for all slices. If it has not,
    then all people are few enough to count.
    """
    parameters = {"since": period.since_ms, "until": period.until_ms, "known_at": known_at_ms}
    (first_slice,) = await ask.ask("tracing/active", {**parameters, "below": FIRST_SLICE_END})
    if first_slice["people"] >= ENOUGH:
        return int(first_slice["people"]) * SLICES
    (all_slices,) = await ask.ask("tracing/active", {**parameters, "below": ALL_END})
    return int(all_slices["people"])


def _assumed(request: BackwardIn, cases: InfectiousCases) -> list[str]:
    assumed = list[str]()
    if request.days_before_least is None:
        assumed.append("days_before_least")
    if cases.without_end > 0:
        assumed.append("infectious_days")
    return assumed


def _milestone_out(milestone: Milestone) -> MilestoneOut:
    return MilestoneOut(
        place=milestone.place,
        presence_id=milestone.presence_id,
        first_met=instant(milestone.first_met_ms),
        people=milestone.people,
        cases=list(milestone.cases),
        surprise=round(milestone.surprise, 2),
    )


def _source_out(source: Source) -> SourceOut:
    return SourceOut(
        person_id=source.person_id,
        known_case=source.known_case,
        rarity=round(source.rarity, 1),
        meetings=[contact_out(contact) for contact in source.meetings[:MEETINGS_SHOWN]],
        more_meetings=max(0, len(source.meetings) - MEETINGS_SHOWN),
    )
