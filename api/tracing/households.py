"""Contacts at home: people whom the register has in one household are together all the time.

That lasts until one of the two moves out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from api.backends.clickhouse import Queries
from api.tracing.contacts import EVER_MS, Contact, Crowd, Infectious, as_known
from schemas.contract.ids import derive_id

HOUSEHOLD = "household:"


async def housemates_of(
    ask: Queries, people: Sequence[Infectious], known_at_ms: int | None, most_per_household: int
) -> tuple[list[Contact], list[Crowd]]:
    """Returns the contacts at home, and the households with more people than are listed.

    A contact lasts for the whole infectious period, or until one of the two moved out. The
    evidence is the register, so the ids of presences are derived ones.
    """
    at_home = [person.at_home for person in people]
    by_id = {person.person_id: person for person in at_home if _ever_infectious(person)}
    name, parameters = as_known("tracing/housemates", {}, known_at_ms)
    contacts, crowds = list[Contact](), list[Crowd]()
    for row in await ask.ask_people(name, parameters, by_id):
        home = Home(row["household_key"], row["members"])
        for person_id in row["people"]:
            source = by_id.get(person_id)
            if source is None:
                continue
            mates = home.housemates_of(source)
            for mate_id, until_ms in mates[:most_per_household]:
                contacts.append(_contact(source, mate_id, home.household_key, until_ms))
            if len(mates) > most_per_household:
                more = len(mates) - most_per_household
                crowds.append(_crowd(source, home.household_key, more))
    return contacts, crowds


def _ever_infectious(person: Infectious) -> bool:
    return person.since_ms <= person.until_ms


@dataclass(frozen=True, slots=True)
class Home:
    """A household; `members` is everybody who ever lived there, in order, and until when (ms).

    0 means that they live there.
    """

    household_key: str
    members: Sequence[tuple[str, int]]

    def housemates_of(self, source: Infectious) -> list[tuple[str, int]]:
        """Returns everybody else, in order, and until when they lived with `source`.

        People who had moved out before `source` could infect are left out.
        """
        left_at = dict[str, int]()
        for person_id, left_ms in self.members:
            if (left_ms or EVER_MS) >= source.since_ms:
                left_at[person_id] = left_ms or EVER_MS
        own_ms = left_at.pop(source.person_id, None)
        if own_ms is None:
            return []
        return [(person_id, min(own_ms, left_ms)) for person_id, left_ms in left_at.items()]


def _contact(
    source: Infectious, contact_id: str, household_key: str, together_until_ms: int
) -> Contact:
    return Contact(
        source_id=source.person_id,
        contact_id=contact_id,
        place=f"{HOUSEHOLD}{household_key}",
        source_presence_id=presence_at_home(household_key, source.person_id),
        contact_presence_id=presence_at_home(household_key, contact_id),
        met_from_ms=source.since_ms,
        met_to_ms=max(source.since_ms, min(source.until_ms, together_until_ms)),
        apart_ms=0,
        known_by=("register", "register"),
        rule="households_count",
    )


def _crowd(source: Infectious, household_key: str, more: int) -> Crowd:
    return Crowd(
        source_id=source.person_id,
        place=f"{HOUSEHOLD}{household_key}",
        presence_id=presence_at_home(household_key, source.person_id),
        began_ms=source.since_ms,
        more=more,
    )


@lru_cache(maxsize=8192)
def presence_at_home(household_key: str, person_id: str) -> str:
    """Derives the id of a presence at home; cached, because each housemate asks for it."""
    return derive_id("at-home", household_key, person_id)
