"""Whether people are cases themselves, and whether orders isolate them.

Few people are either, so the first query asks who is.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from api.backends.clickhouse import Queries
from api.tracing.contacts import DAY_MS, EVER_MS, Infectious
from api.tracing.responses import instant
from schemas.contract.terms import OrderKind, OrderStatus

BEGINS_WITHIN_MS = 60 * DAY_MS
"""An order that begins later after the case could first infect has nothing to do with it."""
Order = tuple[int, OrderKind, OrderStatus, int]
"""An order as `orders.sql` has it: its begin (ms), kind, status, and end (ms); 0 means none.

One with an end holds until then, lifted or not; one without an end holds unless it was lifted.
"""


class OwnCase(NamedTuple):
    case_id: str
    dated_at: datetime
    """Time of the case's onset, or else of its sample."""


class Isolation(NamedTuple):
    at_ms: int
    from_home_ms: int | None
    """Time from which they are apart from those at home too; isolation at home parts nobody."""


class CaseStatus(NamedTuple):
    own_cases: list[OwnCase]
    """Confirmed cases of the person."""
    isolation: Isolation | None
    """Isolation of the person by an order (quyết định cách ly).

    The order begins while the case and its contacts may infect others, or soon after, and lasts
    beyond that. People let go before may have infected others again, and count as not isolated. So
    do people who were under an order before: they were met all the same.
    """


NO_STATUS = CaseStatus([], None)


async def case_status_of(
    ask: Queries,
    people: Sequence[str],
    known_at_ms: int | None = None,
    infectious: Infectious | None = None,
) -> Mapping[str, CaseStatus]:
    """Returns the status of those people who are cases or isolated.

    `known_at_ms` asks for what was known then, instead of today. `infectious` is the period in
    which the case and its contacts may infect others; without it nobody is isolated.
    """
    if not people:
        return {}
    hints = await ask.ask_people("tracing/case_status_hint", {}, people)
    with_cases = [row["person_id"] for row in hints if row["has_cases"]]
    with_orders = list[str]()
    if infectious is not None:
        with_orders = [row["person_id"] for row in hints if row["has_orders"]]
    parameters = {"known_at": EVER_MS if known_at_ms is None else known_at_ms}
    case_rows, order_rows = await asyncio.gather(
        _rows_of(ask, "tracing/own_cases", parameters, with_cases),
        _rows_of(ask, "tracing/orders", parameters, with_orders),
    )
    own_cases = {row["person_id"]: _own_cases(row["cases"]) for row in case_rows}
    isolations = dict[str, Isolation | None]()
    if infectious is not None:
        isolations = {row["person_id"]: _isolation(row["orders"], infectious) for row in order_rows}
    return {
        person_id: CaseStatus(own_cases.get(person_id, []), isolations.get(person_id))
        for person_id in own_cases.keys() | isolations.keys()
    }


async def _rows_of(
    ask: Queries, name: str, parameters: dict[str, Any], people: Sequence[str]
) -> list[dict[str, Any]]:
    return await ask.ask_people(name, parameters, people) if people else []


def _own_cases(cases: Sequence[tuple[int, str]]) -> list[OwnCase]:
    return [OwnCase(case_id, instant(dated_ms)) for dated_ms, case_id in cases]


def _isolation(orders: Sequence[Order], infectious: Infectious) -> Isolation | None:
    isolating = [order for order in orders if _isolates(order, infectious)]
    if not isolating:
        return None
    begins_ms = [begins for begins, _, _, _ in isolating]
    away_ms = [begins for begins, kind, _, _ in isolating if kind == "quarantine"]
    return Isolation(at_ms=min(begins_ms), from_home_ms=min(away_ms, default=None))


def _isolates(order: Order, infectious: Infectious) -> bool:
    begins_ms, _, status, ends_ms = order
    if not infectious.since_ms <= begins_ms <= infectious.since_ms + BEGINS_WITHIN_MS:
        return False
    if ends_ms:
        return ends_ms > infectious.until_ms
    return status == "in_force"
