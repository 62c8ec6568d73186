"""The same person a second too soon at a far checkpoint; a second later must stay silent."""

from datetime import timedelta
from math import ceil

from infra.tools.simulator.builder import MINUTE, Builder
from schemas.domain.reference import DEFAULT_POLICY
from schemas.domain.roads import km_between

FIRST_CHECKPOINT, SECOND_CHECKPOINT = "quang-nam-border", "city-south"
NORTH_OF_BOTH, SOUTH_OF_BOTH = "21052", "21238"


def too_far_too_soon(builder: Builder) -> None:
    hours = km_between(FIRST_CHECKPOINT, SECOND_CHECKPOINT) / DEFAULT_POLICY.speed_most_kmh
    shortest = timedelta(seconds=ceil(hours * 3600 - DEFAULT_POLICY.travel_slack_minutes * 60))
    for too_soon in (True, False):
        person, departure = builder.next_person(), builder.daytime()
        builder.declare(
            person, departure - 20 * MINUTE, departure, origin=NORTH_OF_BOTH, to=SOUTH_OF_BOTH
        )
        first_at = departure + 5 * MINUTE
        second_at = first_at + shortest - timedelta(seconds=too_soon)
        builder.scan(person, first_at, FIRST_CHECKPOINT, number=builder.number(person))
        second = builder.scan(person, second_at, SECOND_CHECKPOINT, number=builder.number(person))
        builder.expect("impossible_travel", second, flagged=too_soon)
