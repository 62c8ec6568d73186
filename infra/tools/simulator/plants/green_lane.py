"""Trucks in the green lane without a permit, with one that ended this minute, or with another's.

The last minute of a permit, one extended by decree, and the trailer typed for the tractor must
stay silent.
"""

from datetime import datetime, timedelta
from typing import Any

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import instant

NINE_DAYS = timedelta(days=9)


def green_lane(builder: Builder) -> None:
    at = builder.daytime()
    began, expiring = at - NINE_DAYS, instant(0, 0)
    _truck(builder, at, None, flagged=True)
    _truck(builder, at, (began, at), flagged=True)
    _truck(builder, at, (began, at + MINUTE), flagged=False)
    _truck(builder, at, (began, at + NINE_DAYS), flagged=True, driven=builder.new_plate())
    _truck(builder, at, (began, at + NINE_DAYS), flagged=False, trailer_first=True)
    _truck(builder, at, (began, expiring), flagged=False)


def _truck(
    builder: Builder,
    at: datetime,
    period: tuple[datetime, datetime] | None,
    *,
    flagged: bool,
    driven: str | None = None,
    trailer_first: bool = False,
) -> None:
    """Scans a truck with a permit for a period, or none; `driven` is another vehicle's plate."""
    person, tractor, trailer = builder.next_person(), builder.new_plate(), builder.new_plate()
    lane: dict[str, Any] = {"green_lane": True}
    plate = driven or tractor
    if trailer_first:
        plate = trailer
        lane["trailer_plate"] = tractor
    if period:
        lane["permit_id"] = builder.permit(tractor, trailer, *period)
    builder.declare(person, at - 40 * MINUTE, at - 20 * MINUTE, vehicle_plate=plate)
    checkpoint, number = builder.passing(person).checkpoint, builder.number(person)
    scanned = builder.scan(person, at, checkpoint, number=number, plate=plate, **lane)
    builder.expect("green_lane", scanned, flagged=flagged)
