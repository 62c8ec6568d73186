"""One generation of a trace: everybody whom some people may have infected, at places and at home."""

import asyncio
from collections.abc import Sequence

from api.backends.clickhouse import Asks
from api.tracing.contacts import Infectious, Met, Stay, met_at_places
from api.tracing.households import housemates_of
from schemas.contract.events import ExposureRulesAdopted


async def contacts_of(
    ask: Asks,
    people: Sequence[Infectious],
    rules: ExposureRulesAdopted,
    *,
    known_at_ms: int | None = None,
    milestones: Sequence[Stay] = (),
    most_per_stay: int,
) -> Met:
    """Contacts, and the stays and households of which the weakest are not listed. `milestones`: stays that no table knows;
    `known_at_ms`: what was known then, instead of today."""
    if not people:
        return Met([], [], [])
    at_places = met_at_places(
        ask,
        people,
        rules,
        known_at_ms=known_at_ms,
        milestones=milestones,
        most_per_stay=most_per_stay,
    )
    if not rules.households_count:
        return await at_places
    met, (lived_with, more_at_home) = await asyncio.gather(
        at_places, housemates_of(ask, people, known_at_ms, most_per_stay)
    )
    return Met([*lived_with, *met.contacts], [*more_at_home, *met.unlisted], met.stays)
