"""Trucks in the green lane: without a permit, with one that ended this minute, or of another vehicle, which is planted; in the last minute
of a permit, extended by decree, or with the trailer typed for the tractor, which must stay silent."""

from datetime import datetime, timedelta
from typing import Any

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import instant


def green_lane(builder: Builder) -> None:
    at = builder.daytime()
    lasting = (at - timedelta(days=9), at + timedelta(days=9))
    expiring = instant(0, 0)
    _truck(builder, at, None, planted=True)
    _truck(builder, at, (at - timedelta(days=9), at), planted=True)
    _truck(builder, at, (at - timedelta(days=9), at + MINUTE), planted=False)
    _truck(builder, at, lasting, planted=True, met=builder.plate())
    _truck(builder, at, lasting, planted=False, trailer_first=True)
    _truck(builder, at, (at - timedelta(days=9), expiring), planted=False)


def _truck(
    builder: Builder,
    at: datetime,
    period: tuple[datetime, datetime] | None,
    *,
    planted: bool,
    met: str | None = None,
    trailer_first: bool = False,
) -> None:
    person, tractor, trailer = builder.somebody(), builder.plate(), builder.plate()
    builder.declare(
        person,
        at - 40 * MINUTE,
        at - 20 * MINUTE,
        vehicle_plate=met or (trailer if trailer_first else tractor),
    )
    lane: dict[str, Any] = {"green_lane": True}
    if period:
        lane["permit_id"] = builder.permit(tractor, trailer, *period)
    if trailer_first:
        lane["trailer_plate"] = tractor
    plate = met or (trailer if trailer_first else tractor)
    scanned = builder.scan(
        person, at, builder.passing(person).post, number=builder.number(person), plate=plate, **lane
    )
    builder.plant("green_lane", scanned) if planted else builder.near_miss(scanned)
