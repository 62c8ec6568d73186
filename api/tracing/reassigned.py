"""People who turned out to be others: a link has moved them from one pseudonym to another.

A person has a new current identity where they stood for nothing but a document, and that document
is the other's now. A person of the register stays who they are, also where some of what was known
of them turns out to be another's.
"""

from collections.abc import Iterable, Mapping, Sequence

from api.backends.clickhouse import Queries
from api.tracing.contacts import DAY_MS
from api.tracing.trace_services import Looks
from schemas.contract.ids import PersonId

PEOPLE = "person_id FixedString(32), earliest Int64, latest Int64"


async def reassigned_people(
    ask: Queries, people: Sequence[str], since_ms: int, until_ms: int
) -> dict[str, list[str]]:
    """Returns the people whose presences of the period are known to be others' today.

    Each stands with these others.
    """
    if not people:
        return {}
    earliest = since_ms - DAY_MS
    parameters = {"earliest": earliest, "latest": until_ms}
    periods = ((person, earliest, until_ms) for person in people)
    rows = await ask.ask_with("tracing/reassigned", parameters, "people", PEOPLE, periods)
    reassigned: dict[str, list[str]] = {}
    for row in rows:
        reassigned.setdefault(row["person_id"], []).append(row["now_id"])
    return reassigned


async def current_identities(
    services: Looks, reassigned: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Returns the current identity of those reassigned people who are known as others now.

    `reassigned` has each person with those to whom something was moved.
    """
    holders = set[str]()
    for of_person in reassigned.values():
        holders.update(of_person)
    documents_of = set(await document_pseudonyms(services, sorted(holders)))
    identities = dict[str, str]()
    for person, of_person in reassigned.items():
        for holder in of_person:
            if (holder, person) in documents_of:
                identities[person] = holder
    return identities


async def document_pseudonyms(
    services: Looks, holders: Sequence[str]
) -> Iterable[tuple[str, PersonId]]:
    """Returns each holder with the pseudonyms for which their documents would stand alone."""
    if not holders:
        return ()
    rows = await services.clickhouse.ask_people("handovers/documents", {}, holders)
    return [(row["person_id"], services.pseudonyms.person_of(row["document_key"])) for row in rows]
