"""Contacts at home: whoever the register has in one household with somebody infectious is with them all the time, until one moves out."""

from collections.abc import Sequence

from api.tracing.contacts import EVER_MS, INFECTIOUS, Asks, Contact, Infectious, Unlisted, as_known
from schemas.ids import derive_id

HOUSEHOLD = "household:"


async def housemates_of(
    ask: Asks, people: Sequence[Infectious], known_at_ms: int | None, most_per_household: int
) -> tuple[list[Contact], list[Unlisted]]:
    """Together for the whole of the infectious period, or until one of the two moved out. The evidence is the register, so the ids of
    presences are derived ones."""
    asked = {one.person_id: one.at_home for one in people if one.since_ms <= one.at_home.until_ms}
    name, parameters = as_known("tracing/housemates", {"most": most_per_household, "ever": EVER_MS}, known_at_ms)
    rows = await ask.ask_with(
        name, parameters, "infectious", INFECTIOUS, ((one.person_id, one.since_ms, one.until_ms) for one in asked.values())
    )
    contacts = [_contact(asked[row["source_id"]], row["contact_id"], row["household_key"], row["until"]) for row in rows]
    crowded = {row["source_id"]: row for row in rows if row["found"] > most_per_household}
    return contacts, [_unlisted(asked[person], row["household_key"], row["found"] - most_per_household) for person, row in crowded.items()]


def _contact(who: Infectious, contact_id: str, household_key: str, together_until_ms: int) -> Contact:
    return Contact(
        source_id=who.person_id,
        contact_id=contact_id,
        place=f"{HOUSEHOLD}{household_key}",
        source_presence_id=at_home(household_key, who.person_id),
        contact_presence_id=at_home(household_key, contact_id),
        met_from_ms=who.since_ms,
        met_to_ms=max(who.since_ms, min(who.until_ms, together_until_ms)),
        apart_ms=0,
        known_by=("register", "register"),
        rule="households_count",
    )


def _unlisted(who: Infectious, household_key: str, more: int) -> Unlisted:
    return Unlisted(who.person_id, f"{HOUSEHOLD}{household_key}", at_home(household_key, who.person_id), who.since_ms, more)


def at_home(household_key: str, person_id: str) -> str:
    return derive_id("at-home", household_key, person_id)
