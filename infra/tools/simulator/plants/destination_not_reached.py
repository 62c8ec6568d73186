"""Still on the way a second after the last moment; at that moment, or near the destination, must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from schemas.domain.reference import DEFAULT_POLICY

ORIGIN, FAR, NEAR, POST = "21052", "21439", "21235", "city-south"
"""From the border of Quảng Nam to Đức Phổ, or no farther than La Hà, by the southern gate of the city."""


def not_arrived(builder: Builder) -> None:
    second = timedelta(seconds=1)
    for to, after, late in (
        (FAR, second, True),
        (FAR, 0 * second, False),
        (NEAR, 30 * MINUTE, False),
    ):
        person, departure = builder.somebody(), builder.daytime()
        arrives = departure + 90 * MINUTE
        builder.declare(
            person, departure - 20 * MINUTE, departure, origin=ORIGIN, to=to, arrives=arrives
        )
        at = arrives + timedelta(minutes=DEFAULT_POLICY.arrival_late_minutes) + after
        scanned = builder.scan(person, at, POST, number=builder.number(person))
        builder.plant("destination_not_reached", scanned) if late else builder.near_miss(scanned)
