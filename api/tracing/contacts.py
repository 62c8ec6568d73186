"""Contacts, and the stays of infectious people at which they came about.

Times are milliseconds since 1970: a trace compares many thousands of them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

DAY_MS = 86_400_000
MINUTE_MS = 60_000
EVER_MS = 4_102_444_800_000
"""The year 2100, later than everything."""
SOMEWHERE_MS = DAY_MS
"""Added to a contact's weakness where only one person's part of the place is known.

It is larger than any stay, so such contacts rank last.
"""


class Infectious(msgspec.Struct, frozen=True, gc=False):
    """A person who may infect others within a period."""

    person_id: str
    since_ms: int
    until_ms: int
    until_at_home_ms: int | None = None
    """End of the period in which they may infect their household, where that is longer."""
    before_ms: int = EVER_MS
    """Begin of their period as far as it was known when they were asked about last.

    Whom they met in the period from then on is known already. It is `EVER_MS` at the first time.
    """

    @property
    def at_home(self) -> "Infectious":
        if self.until_at_home_ms is None:
            return self
        return replace(self, until_ms=self.until_at_home_ms)


class Stay(msgspec.Struct, frozen=True, gc=False):
    """A presence of an infectious person at a place."""

    person: Infectious
    presence_id: str
    place: str
    began_ms: int
    ended_ms: int
    source: str = "report"
    """Kind of fact from which the stay is known; a milestone of the request is a `report`."""
    granularity: str = "minute"


class Contact(msgspec.Struct, frozen=True, gc=False):
    """Two people at one place: the evidence of one step of a chain.

    The source may have infected the contact. Each pair has the source's side first.
    """

    source_id: str
    contact_id: str
    place: str
    """The place where both were, as far as is known of both."""
    source_presence_id: str
    contact_presence_id: str
    met_from_ms: int
    """Arrival of the later of the two."""
    met_to_ms: int
    """Departure of the earlier of the two; `met_from_ms` if the stays did not overlap."""
    apart_ms: int
    """Gap between the stays in ms; 0 if they overlap."""
    known_by: tuple[str, str]
    """Kinds of fact from which the source's place is known, and the contact's."""
    granularity: tuple[str, str] = ("", "")
    """Granularity of both periods; empty at home."""
    uncertain_ms: int = 0
    """Total uncertainty of both periods, ms."""
    rule: str = ""
    """The rules' parameter it counts by: overlap_minutes, apart_minutes or households_count."""
    parts: tuple[str, str] = ("", "")
    """The part of the place in which one of the two was, where it is known of that one alone.

    The other may have been there too.
    """

    @property
    def weakness(self) -> int:
        """Returns how weak the contact is, in ms; the least is the strongest.

        The longest certainly together come first, then the least that they may have been apart.
        Contacts who may have been in another part of the place come after all whose parts agree.
        `contacts.sql` and `contacts_as_known.sql` order by the same sum.
        """
        somewhere = SOMEWHERE_MS if any(self.parts) else 0
        return self.apart_ms + self.uncertain_ms + somewhere - (self.met_to_ms - self.met_from_ms)

    @property
    def source_place(self) -> str:
        """Returns the place where the source was, with its part if that is known."""
        return self.parts[0] or self.place

    @property
    def rank(self) -> tuple[int, str]:
        """Returns a sort key: `weakness`, and then the presence's id for a fixed order of ties."""
        return self.weakness, self.contact_presence_id

    @property
    def certainty(self) -> float:
        """Returns the time together as a share of that time plus its uncertainty; 1 if exact.

        The share goes towards 0 where the periods may be off by much more than the time together.
        """
        if not self.uncertain_ms:
            return 1.0
        overlap_ms = self.met_to_ms - self.met_from_ms
        return overlap_ms / (overlap_ms + self.uncertain_ms)


class Crowd(msgspec.Struct, frozen=True, gc=False):
    """A stay at which more people were met than are listed: `more` weaker ones are left out."""

    source_id: str
    place: str
    presence_id: str
    began_ms: int
    more: int


class Encounters(NamedTuple):
    contacts: list[Contact]
    crowds: list[Crowd]
    stays: list[Stay]
    """Known stays of the people asked about: none means that nobody knows where they were."""


def as_known(
    name: str, parameters: Mapping[str, Any], known_at_ms: int | None
) -> tuple[str, dict[str, Any]]:
    """Returns the query about what holds today, or its twin as of an instant.

    The twin also reads what links have reassigned since.
    """
    if known_at_ms is None:
        return name, {**parameters}
    return f"{name}_as_known", {**parameters, "known_at": known_at_ms}
