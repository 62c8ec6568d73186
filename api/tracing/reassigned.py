"""Who turned out to be whom: what a link has moved from one pseudonym to another.

Somebody is known as somebody else where they stood for nothing but a document, and that document is the other's now. A person of the
register stays who they are, also where some of what was known of them turns out to be another's.
"""

from collections.abc import Iterable, Mapping, Sequence

from api.backends.clickhouse import Asks
from api.doors.doors import Doors
from api.tracing.contacts import DAY_MS
from schemas.contract.ids import PersonId

PEOPLE = "person_id FixedString(32), earliest Int64, latest Int64"


async def moved_of(
    ask: Asks, people: Sequence[str], since_ms: int, until_ms: int
) -> dict[str, list[str]]:
    """Those of the people whose presences of the period are known to be others' today, each with these."""
    if not people:
        return {}
    earliest, latest = since_ms - DAY_MS, until_ms
    parameters = {"earliest": earliest, "latest": latest}
    rows = await ask.ask_with(
        "tracing/reassigned",
        parameters,
        "people",
        PEOPLE,
        ((person, earliest, latest) for person in people),
    )
    moved: dict[str, list[str]] = {}
    for row in rows:
        moved.setdefault(row["person_id"], []).append(row["now_id"])
    return moved


async def identified(doors: Doors, moved: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Of those from whom something was moved, and to whom, whoever is known as somebody else now."""
    holders = sorted({holder for holders in moved.values() for holder in holders})
    own = {(person, holder) for holder, person in await stood_for(doors, holders)}
    return {
        person: holder
        for person, holders in moved.items()
        for holder in holders
        if (person, holder) in own
    }


async def stood_for(doors: Doors, holders: Sequence[str]) -> Iterable[tuple[str, PersonId]]:
    """These people, each with the pseudonyms for which their documents would stand by themselves."""
    if not holders:
        return ()
    rows = await doors.clickhouse.ask_people("handovers/documents", {}, holders)
    return ((row["person_id"], doors.pseudonyms.person_of(row["document_key"])) for row in rows)
