"""Contacts at home: whoever the register has in one household with somebody infectious is with them all the time, until one moves out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from api.backends.clickhouse import Asks
from api.tracing.contacts import EVER_MS, Contact, Infectious, Unlisted, as_known
from schemas.contract.ids import derive_id

HOUSEHOLD = "household:"


async def housemates_of(
    ask: Asks, people: Sequence[Infectious], known_at_ms: int | None, most_per_household: int
) -> tuple[list[Contact], list[Unlisted]]:
    """Together for the whole of the infectious period, or until one of the two moved out. The evidence is the register, so the ids of
    presences are derived ones."""
    asked = {one.person_id: one.at_home for one in people if one.since_ms <= one.at_home.until_ms}
    name, parameters = as_known("tracing/housemates", {}, known_at_ms)
    contacts, unlisted = list[Contact](), list[Unlisted]()
    for row in await ask.ask_people(name, parameters, asked):
        home = Home(row["household_key"], row["members"])
        for person in row["people"]:
            if (who := asked.get(person)) is not None:
                met = home.met_by(who)
                contacts += [
                    _contact(who, mate, home.household_key, until_ms)
                    for mate, until_ms in met[:most_per_household]
                ]
                if len(met) > most_per_household:
                    unlisted.append(
                        _unlisted(who, home.household_key, len(met) - most_per_household)
                    )
    return contacts, unlisted


@dataclass(frozen=True, slots=True)
class Home:
    """`members`: everybody who ever lived there, in order, and until when; 0: they do."""

    household_key: str
    members: Sequence[tuple[str, int]]

    def met_by(self, who: Infectious) -> list[tuple[str, int]]:
        """Everybody else, in order, and until when they were together, if neither had moved out before `who` could infect."""
        there = [
            (person, left_ms or EVER_MS)
            for person, left_ms in self.members
            if (left_ms or EVER_MS) >= who.since_ms
        ]
        own_ms = dict(there).get(who.person_id)
        return (
            []
            if own_ms is None
            else [
                (person, min(own_ms, left_ms))
                for person, left_ms in there
                if person != who.person_id
            ]
        )


def _contact(
    who: Infectious, contact_id: str, household_key: str, together_until_ms: int
) -> Contact:
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
    return Unlisted(
        who.person_id,
        f"{HOUSEHOLD}{household_key}",
        at_home(household_key, who.person_id),
        who.since_ms,
        more,
    )


@lru_cache(maxsize=8192)
def at_home(household_key: str, person_id: str) -> str:
    """Asked for with every one of those they live with."""
    return derive_id("at-home", household_key, person_id)
