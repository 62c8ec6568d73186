"""The hours in which a place was too full for its people to be listed.

They are asked before anybody is: what a list of such an hour costs grows with the place, and its
people are reached by a public notice. A trace answers for them as for every crowd, by a number.

The number is about right: it comes from a sample of one presence in 64. It is of everybody who was
ever known to be there in that hour, whether or not they met.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from api.backends.clickhouse import Queries

MAX_LISTED_PER_HOUR = 4_096
"""Presences at a place in an hour; of a fuller hour nobody is listed."""
NO_LIMIT = (1 << 32) - 1
HOURS = "place String, hour UInt32"
PlaceHour = tuple[str, int]
"""A place, and an hour since 1970."""


class Crowded(NamedTuple):
    """About how many were at a place in an hour, and how many of them came in it."""

    present: int
    came: int


CrowdedHours = Mapping[PlaceHour, Crowded]


async def crowded_hours(
    ask: Queries, hours: Iterable[PlaceHour], max_per_hour: int = MAX_LISTED_PER_HOUR
) -> CrowdedHours:
    """Returns those of the hours in which more people were at the place."""
    if max_per_hour == NO_LIMIT:
        return {}
    distinct = list(dict.fromkeys(hours))
    parameters = {"most": max_per_hour}
    rows = await ask.ask_with("tracing/crowded_hours", parameters, "hours", HOURS, distinct)
    return {(row["place"], row["hour"]): Crowded(row["present"], row["came"]) for row in rows}


def people_in(crowded: CrowdedHours, place: str, hours: Sequence[int]) -> int:
    """Returns about how many were at the place in the crowded ones of these hours, each once.

    All who are there in the first of them count, and of each later one those who came in it.
    """
    people = 0
    for hour in hours:
        found = crowded.get((place, hour))
        if found is not None:
            people += found.came if people else found.present
    return people
