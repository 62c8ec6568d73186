"""Who turned out to be whom: what a link has moved from one pseudonym to another."""

from collections.abc import Sequence

from api.tracing.contacts import DAY_MS, Asks

PEOPLE = "person_id FixedString(32), earliest Int64, latest Int64"


async def moved_of(ask: Asks, people: Sequence[str], since_ms: int, until_ms: int) -> dict[str, list[str]]:
    """Those of the people whose presences of the period are known to be others' today, each with these."""
    if not people:
        return {}
    earliest, latest = since_ms - DAY_MS, until_ms
    parameters = {"earliest": earliest, "latest": latest}
    rows = await ask.ask_with("tracing/moved", parameters, "people", PEOPLE, ((person, earliest, latest) for person in people))
    moved: dict[str, list[str]] = {}
    for row in rows:
        moved.setdefault(row["person_id"], []).append(row["now_id"])
    return moved
