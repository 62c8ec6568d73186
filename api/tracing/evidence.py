"""The evidence for everybody reached: the strongest contacts that led to them. Pure."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import NamedTuple

from api.tracing.chains import Chains
from api.tracing.contacts import Contact
from api.tracing.households import HOUSEHOLD

WEAKER_THAN_ALL = 1 << 62
_contact_id = attrgetter("contact_id")


class Evidence(NamedTuple):
    strongest: list[Contact]
    """The strongest contact first."""
    total: int
    """Number of all contacts that led to the person."""
    last_exposed_ms: int
    """End of the last of them."""


class _Found:
    """The evidence for one person so far."""

    __slots__ = ("last_exposed_ms", "ranked", "weakest", "weakest_presence_id")

    def __init__(self) -> None:
        self.ranked: list[tuple[int, str, str, str, str, Contact]] = []
        """The strongest in order of weakness and presence; the other texts tell equal ones apart.

        Meetings of an office often last equally long.
        """
        self.weakest, self.weakest_presence_id = WEAKER_THAN_ALL, ""
        """Rank of the last of `ranked` once there are as many as wanted."""
        self.last_exposed_ms = -1


def evidence_of(chains: Chains, most: int) -> dict[str, Evidence]:
    """Returns for each person reached no more than `most` contacts, at least the strongest one."""
    by_person, totals = defaultdict[str, _Found](_Found), Counter[str]()
    for source_id, contacts in chains.contacts_by_source.items():
        totals.update(map(_contact_id, contacts))
        until_ms = chains.until_ms(source_id)
        at_home_ms = chains.until_ms(source_id, HOUSEHOLD)
        _add_contacts(by_person, contacts, (until_ms, at_home_ms), max(1, most))
    return {
        person_id: Evidence(
            [contact for *_, contact in found.ranked], totals[person_id], found.last_exposed_ms
        )
        for person_id, found in by_person.items()
    }


def _add_contacts(
    by_person: Mapping[str, _Found],
    contacts: Iterable[Contact],
    until_ms: tuple[int, int],
    most: int,
) -> None:
    """Adds the contacts of a source who may infect others until then, anywhere and at home.

    An office has hundreds of thousands of contacts: the loop does as little as it can.
    """
    anywhere_ms, at_home_ms = until_ms
    for contact in contacts:
        person = by_person[contact.contact_id]
        ends_ms = met_to_ms = contact.met_to_ms
        if ends_ms > anywhere_ms:
            at_home = contact.place.startswith(HOUSEHOLD)
            ends_ms = min(met_to_ms, at_home_ms) if at_home else anywhere_ms
        if ends_ms > person.last_exposed_ms:  # noqa: PLR1730 -- a call would slow the loop
            person.last_exposed_ms = ends_ms
        # Without parts it is `Contact.weakness`, and no call; with parts it is less.
        weakness = contact.apart_ms + contact.uncertain_ms + contact.met_from_ms - met_to_ms
        if weakness > person.weakest:
            continue
        if weakness < person.weakest or contact.contact_presence_id <= person.weakest_presence_id:
            _add(person, contact, most)


def _add(person: _Found, contact: Contact, most: int) -> None:
    weakness, presence_id = contact.rank
    equal_ones = contact.source_presence_id, contact.place, contact.source_id
    insort(person.ranked, (weakness, presence_id, *equal_ones, contact))
    del person.ranked[most:]
    if len(person.ranked) == most:
        person.weakest, person.weakest_presence_id, *_ = person.ranked[-1]
