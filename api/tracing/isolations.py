"""Until when contacts may have infected others: an order (quyết định cách ly) says when they were isolated, in a facility or at home."""

from collections.abc import Mapping, Sequence

from api.tracing.contacts import EVER_MS, Asks


async def isolated_by_order(ask: Asks, people: Sequence[str], until_ms: int, known_at_ms: int | None) -> Mapping[str, int]:
    """When the first of their orders began, by person, of orders that last beyond `until_ms`, the end of the case's own period: whoever was
    let go before may have infected others again, and counts as not isolated. `known_at_ms`: by what was known then."""
    if not people:
        return {}
    parameters = {"known_at": EVER_MS if known_at_ms is None else known_at_ms}
    structure = "person_id FixedString(32), until Int64"
    rows = await ask.ask_with("tracing/isolations", parameters, "people", structure, ((person, until_ms) for person in people))
    return {row["person_id"]: row["isolated"] for row in rows}
