"""Follows a case from generation to generation.

Each asks ClickHouse five queries, and two more where some are cases or under orders.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.backends.clickhouse import Queries
from api.tracing.case_status import CaseStatus, Isolation, case_status_of
from api.tracing.chains import Chains
from api.tracing.contacts import MINUTE_MS, Crowd, Infectious, Stay
from api.tracing.generation import encounters_of
from api.tracing.residences import residences_of
from api.tracing.responses import ms
from api.tracing.trace_request import ForwardIn, MilestoneIn
from schemas.contract.events import ExposureRulesAdopted
from schemas.contract.ids import derive_id


@dataclass(frozen=True, slots=True)
class Followed:
    chains: Chains
    crowds: list[Crowd]
    stays: list[Stay]
    """Stays of the case."""
    case_status: dict[str, CaseStatus]
    """Status of people reached before the last generation; `complete` adds the last."""


async def follow(
    ask: Queries, request: ForwardIn, rules: ExposureRulesAdopted, period: tuple[datetime, datetime]
) -> Followed:
    """Finds everybody whom the case leads to, over as many generations as the request's `depth`.

    In `period` the person of the request may infect others; an empty one leads to nobody.
    """
    case = Infectious(request.person_id or "", ms(period[0]), ms(period[1]))
    known_at_ms = _ms(request.known_at)
    chains = Chains(
        case,
        latent_ms=int(rules.latent_hours * 60 * MINUTE_MS),
        without=frozenset(request.without),
        contacts_until_ms=_ms(request.contacts_isolated_at),
    )
    followed = Followed(chains, [], [], {})
    milestones = [_stay(case, milestone) for milestone in request.milestones]
    depth = request.depth if case.since_ms < case.until_ms else 0
    for generation in range(1, depth + 1):
        encounters = await encounters_of(
            ask,
            chains.infectious(request.most_followed),
            rules,
            known_at_ms=known_at_ms,
            milestones=milestones if generation == 1 else (),
            most_per_stay=request.most_per_stay,
        )
        chains.apply(encounters.contacts)
        followed.crowds.extend(encounters.crowds)
        if generation == 1:
            followed.stays.extend(encounters.stays)
        if generation < depth:
            await _add_case_status(ask, followed, known_at_ms)
    return followed


async def complete(ask: Queries, followed: Followed, known_at_ms: int | None) -> Mapping[str, str]:
    """Returns where everybody lives, and adds the case status of the last generation."""
    residences, _ = await asyncio.gather(
        residences_of(ask, list(followed.chains.reached()), known_at_ms),
        _add_case_status(ask, followed, known_at_ms),
    )
    return residences


async def _add_case_status(ask: Queries, followed: Followed, known_at_ms: int | None) -> None:
    chains = followed.chains
    status = await case_status_of(
        ask, chains.newly_reached(), known_at_ms, chains.infectious_period
    )
    followed.case_status.update(status)
    chains.isolate(_isolations(status))


def _isolations(case_status: Mapping[str, CaseStatus]) -> dict[str, Isolation]:
    isolations = dict[str, Isolation]()
    for person, status in case_status.items():
        if status.isolation is not None:
            isolations[person] = status.isolation
    return isolations


def _stay(case: Infectious, milestone: MilestoneIn) -> Stay:
    """Returns the milestone as a stay; no event reports it, so its id follows from its content."""
    presence_id = derive_id(
        "milestone", milestone.place, milestone.began_at.isoformat(), milestone.ended_at.isoformat()
    )
    return Stay(case, presence_id, milestone.place, ms(milestone.began_at), ms(milestone.ended_at))


def _ms(at: datetime | None) -> int | None:
    return None if at is None else ms(at)
