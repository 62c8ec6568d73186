"""The same person a second too soon at a far post; a second later must stay silent."""

from datetime import timedelta
from math import ceil

from infra.tools.simulator.builder import MINUTE, Builder
from schemas.domain.reference import DEFAULT_POLICY
from schemas.domain.roads import km_between

ONE, OTHER = "quang-nam-border", "city-south"
NORTH_OF_BOTH, SOUTH_OF_BOTH = "21052", "21238"


def too_far_too_soon(builder: Builder) -> None:
    hours = km_between(ONE, OTHER) / DEFAULT_POLICY.speed_most_kmh
    least = timedelta(seconds=ceil(hours * 3600 - DEFAULT_POLICY.travel_slack_minutes * 60))
    for too_soon in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        builder.declare(
            person, departure - 20 * MINUTE, departure, origin=NORTH_OF_BOTH, to=SOUTH_OF_BOTH
        )
        first = departure + 5 * MINUTE
        builder.scan(person, first, ONE, number=builder.number(person))
        second = builder.scan(
            person,
            first + least - timedelta(seconds=too_soon),
            OTHER,
            number=builder.number(person),
        )
        builder.plant("impossible_travel", second) if too_soon else builder.near_miss(second)
