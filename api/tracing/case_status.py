"""How people stand: whether they are cases themselves, and whether orders isolate them. Few are either, so that first is asked who is."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from api.backends.clickhouse import Asks
from api.tracing.contacts import DAY_MS, EVER_MS, Infectious
from api.tracing.responses import instant
from schemas.contract.terms import OrderKind, OrderStatus

BEGINS_WITHIN_MS = 60 * DAY_MS
"""Of the time from which the case could infect: a later order has nothing to do with it."""


class OwnCase(NamedTuple):
    case_id: str
    dated_at: datetime
    """Its onset, or else its sample."""


class Isolation(NamedTuple):
    at_ms: int
    from_home_ms: int | None
    """From those at home too, which isolation at home does not part anybody from."""


class Standing(NamedTuple):
    own_cases: list[OwnCase]
    """Confirmed ones."""
    isolation: Isolation | None
    """By an order (quyết định cách ly) that begins while the case and its contacts may infect others, or soon after, and lasts beyond that.
    Whoever was let go before may have infected others again, and counts as not isolated; so does whoever was under an order before: they
    were met all the same."""


NEITHER = Standing([], None)


async def standing_of(
    ask: Asks,
    people: Sequence[str],
    known_at_ms: int | None = None,
    infectious: Infectious | None = None,
) -> Mapping[str, Standing]:
    """Of those of these people who are either. `known_at_ms`: by what was known then, instead of today; `infectious`: the period in which
    the case and its contacts may infect others, without which nobody is isolated."""
    if not people:
        return {}
    told = await ask.ask_people("tracing/case_status_hint", {}, people)
    having_cases = [row["person_id"] for row in told if row["has_cases"]]
    having_orders = [
        row["person_id"] for row in told if row["has_orders"] and infectious is not None
    ]
    parameters = {"known_at": EVER_MS if known_at_ms is None else known_at_ms}
    of_cases, of_orders = await asyncio.gather(
        _asked(ask, "tracing/own_cases", parameters, having_cases),
        _asked(ask, "tracing/orders", parameters, having_orders),
    )
    own = {row["person_id"]: _cases(row["cases"]) for row in of_cases}
    isolations = {
        row["person_id"]: _isolation(row["orders"], infectious)
        for row in of_orders
        if infectious is not None
    }
    return {
        person: Standing(own.get(person, []), isolations.get(person))
        for person in own.keys() | isolations.keys()
    }


async def _asked(
    ask: Asks, name: str, parameters: dict[str, Any], people: Sequence[str]
) -> list[dict[str, Any]]:
    return await ask.ask_people(name, parameters, people) if people else []


def _cases(told: Sequence[tuple[int, str]]) -> list[OwnCase]:
    return [OwnCase(case_id, instant(dated_ms)) for dated_ms, case_id in told]


def _isolation(
    orders: Sequence[tuple[int, OrderKind, OrderStatus, int]], infectious: Infectious
) -> Isolation | None:
    """`orders`: when each begins, its kind, status, and end; one with an end holds until then, lifted or not, one without unless it was
    lifted."""
    latest_ms = infectious.since_ms + BEGINS_WITHIN_MS
    isolating = [
        (begins_ms, kind)
        for begins_ms, kind, status, ends_ms in orders
        if infectious.since_ms <= begins_ms <= latest_ms
        and (ends_ms > infectious.until_ms if ends_ms else status == "in_force")
    ]
    if not isolating:
        return None
    away = (begins_ms for begins_ms, kind in isolating if kind == "quarantine")
    return Isolation(min(begins_ms for begins_ms, _ in isolating), min(away, default=None))
