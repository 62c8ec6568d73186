"""A traveller who is still under way a second after the last moment.

At that moment, or near the destination, it must stay silent.
"""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from schemas.domain.reference import DEFAULT_POLICY

ORIGIN, FAR, NEAR, CHECKPOINT = "21052", "21439", "21235", "city-south"
"""The border of Quảng Nam, Đức Phổ, La Hà, and the southern gate of the city between them."""
SECOND = timedelta(seconds=1)


def not_arrived(builder: Builder) -> None:
    for to, after, too_late in (
        (FAR, SECOND, True),
        (FAR, 0 * SECOND, False),
        (NEAR, 30 * MINUTE, False),
    ):
        person, departure = builder.next_person(), builder.daytime()
        declared, arrives = departure - 20 * MINUTE, departure + 90 * MINUTE
        builder.declare(person, declared, departure, origin=ORIGIN, to=to, arrives=arrives)
        at = arrives + timedelta(minutes=DEFAULT_POLICY.arrival_late_minutes) + after
        scanned = builder.scan(person, at, CHECKPOINT, number=builder.number(person))
        builder.expect("destination_not_reached", scanned, flagged=too_late)
