"""One generation of a trace: everybody whom some people may have infected, anywhere or at home."""

import asyncio
from collections.abc import Sequence

from api.backends.clickhouse import Queries
from api.tracing.contacts import Encounters, Infectious, Stay
from api.tracing.contacts_at_places import encounters_at_places
from api.tracing.crowded_hours import MAX_LISTED_PER_HOUR
from api.tracing.households import housemates_of
from schemas.contract.events import ExposureRulesAdopted


async def encounters_of(
    ask: Queries,
    people: Sequence[Infectious],
    rules: ExposureRulesAdopted,
    *,
    known_at_ms: int | None = None,
    milestones: Sequence[Stay] = (),
    most_per_stay: int,
    max_per_hour: int = MAX_LISTED_PER_HOUR,
) -> Encounters:
    """Returns contacts, and the stays and households of which the weakest are not listed.

    `milestones` are stays that no table knows; `known_at_ms` asks for what was known then, instead
    of today. Of hours in which a place had more than `max_per_hour` presences nobody is listed.
    """
    if not people:
        return Encounters([], [], [])
    asking_places = encounters_at_places(
        ask,
        people,
        rules,
        known_at_ms=known_at_ms,
        milestones=milestones,
        most_per_stay=most_per_stay,
        max_per_hour=max_per_hour,
    )
    if not rules.households_count:
        return await asking_places
    asking_homes = housemates_of(ask, people, known_at_ms, most_per_stay)
    places, (housemates, large_households) = await asyncio.gather(asking_places, asking_homes)
    return Encounters(
        contacts=[*housemates, *places.contacts],
        crowds=[*large_households, *places.crowds],
        stays=places.stays,
    )
