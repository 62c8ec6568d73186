"""How people stand: whether they are cases themselves, and whether orders isolate them. Few are either, so that first is asked who is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from api.tracing.contacts import DAY_MS, EVER_MS, Asks, Infectious
from api.tracing.told import instant

BEGINS_WITHIN_MS = 60 * DAY_MS
"""Of the time from which the case could infect: a later order has nothing to do with it."""
PEOPLE = "person_id FixedString(32), since Int64, until Int64, latest Int64"


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
    ask: Asks, people: Sequence[str], known_at_ms: int | None = None, infectious: Infectious | None = None
) -> Mapping[str, Standing]:
    """Of those of these people who are either. `known_at_ms`: by what was known then, instead of today; `infectious`: the period in which
    the case and its contacts may infect others, without which nobody is isolated."""
    if not people:
        return {}
    told = await ask.ask_people("tracing/standing_hint", {}, people)
    if not told:
        return {}
    parameters = {"known_at": EVER_MS if known_at_ms is None else known_at_ms}
    period = (1, 0, 0) if infectious is None else (infectious.since_ms, infectious.until_ms, infectious.since_ms + BEGINS_WITHIN_MS)
    rows = await ask.ask_with("tracing/standing", parameters, "people", PEOPLE, ((row["person_id"], *period) for row in told))
    return {row["person_id"]: Standing(_cases(row["cases"]), _isolation(row["isolations"])) for row in rows}


def _cases(told: Sequence[tuple[int, str]]) -> list[OwnCase]:
    return [OwnCase(case_id, instant(dated_ms)) for dated_ms, case_id in told]


def _isolation(orders: Sequence[tuple[int, bool]]) -> Isolation | None:
    """`orders`: when each begins, and whether in a facility."""
    if not orders:
        return None
    return Isolation(min(begins for begins, _ in orders), min((begins for begins, away in orders if away), default=None))
