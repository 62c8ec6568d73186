"""Who of some people is a confirmed case themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from api.tracing.contacts import EVER_MS, Asks


class OwnCase(NamedTuple):
    case_id: str
    dated_at: datetime
    """Its onset, or else its sample."""


async def own_cases_of(ask: Asks, people: Sequence[str], known_at_ms: int | None) -> Mapping[str, list[OwnCase]]:
    """Their cases by person, of those who have any. `known_at_ms`: by what was known then, instead of today."""
    if not people:
        return {}
    parameters = {"known_at": EVER_MS if known_at_ms is None else known_at_ms}
    rows = await ask.ask_with("tracing/own_cases", parameters, "people", "person_id FixedString(32)", ((person,) for person in people))
    cases: dict[str, list[OwnCase]] = {}
    for row in rows:
        cases.setdefault(row["person_id"], []).append(OwnCase(row["case_id"], row["dated_at"]))
    return cases
