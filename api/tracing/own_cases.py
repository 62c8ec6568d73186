"""Who of some people is a confirmed case themselves: no longer a contact to be watched at home, but somebody to be treated."""

from collections.abc import Mapping, Sequence

from api.tracing.contacts import EVER_MS, Asks


async def own_cases_of(ask: Asks, people: Sequence[str], known_at_ms: int | None) -> Mapping[str, list[str]]:
    """Their cases by person, of those who have any. `known_at_ms`: by what was known then, instead of today."""
    if not people:
        return {}
    parameters = {"known_at": EVER_MS if known_at_ms is None else known_at_ms}
    rows = await ask.ask_with("tracing/own_cases", parameters, "people", "person_id FixedString(32)", ((person,) for person in people))
    cases: dict[str, list[str]] = {}
    for row in rows:
        cases.setdefault(row["person_id"], []).append(row["case_id"])
    return cases
