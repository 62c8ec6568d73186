"""The places where a case may have caught it, and the people met there. Pure.

Both are ranked by how little chance explains. A place where two cases met is telling if few people
were there, and says nothing if everybody was: both rankings weigh how busy it was.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from api.tracing.contacts import Contact, Crowd

PeriodMs = tuple[int, int]
KnownCases = Mapping[str, Sequence[PeriodMs]]
"""Periods in which cases may have infected others, by person."""
StayKey = tuple[str, str]
"""A stay of the case, by its place and its presence."""
BELOW_DIGITS = 1e-12


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stay of the case (mốc dịch tễ).

    `surprise` is the decimal exponent of the odds against meeting so many known cases there by
    chance; it is 0 where none was.
    """

    place: str
    presence_id: str
    first_met_ms: int
    people: int
    cases: tuple[str, ...]
    surprise: float


@dataclass(frozen=True, slots=True)
class Source:
    """A person met.

    `rarity` is in bits, by which their meetings stand out. Each meeting counts as much as the place
    was empty, and the period exact.
    """

    person_id: str
    known_case: bool
    rarity: float
    meetings: tuple[Contact, ...]


def with_cases_of_crowds(
    contacts: Sequence[Contact],
    crowds: Iterable[Crowd],
    contacts_of_crowds: Iterable[Contact],
    known_cases: KnownCases,
) -> tuple[list[Contact], list[Crowd]]:
    """Adds to the contacts listed all known cases in `contacts_of_crowds`.

    So a crowd hides no source. Returns the contacts, and the crowds without those added.
    """
    listed = {_evidence(contact) for contact in contacts}
    added = [
        contact
        for contact in contacts_of_crowds
        if could_infect(contact, known_cases) and _evidence(contact) not in listed
    ]
    counts = Counter((contact.source_place, contact.source_presence_id) for contact in added)
    smaller = [
        replace(crowd, more=crowd.more - counts[crowd.place, crowd.presence_id]) for crowd in crowds
    ]
    return [*contacts, *added], [crowd for crowd in smaller if crowd.more > 0]


def _evidence(contact: Contact) -> tuple[str, str, str]:
    return contact.source_presence_id, contact.contact_presence_id, contact.place


def milestones(
    contacts: Iterable[Contact],
    crowds: Iterable[Crowd],
    known_cases: KnownCases,
    active_people: int,
) -> list[Milestone]:
    """Ranks the stays: the most surprising first; among the unsurprising, the emptiest."""
    more = _more_by_stay(crowds)
    ranked = list[Milestone]()
    for stay, of_stay in _by_stay(contacts).items():
        people = _people(of_stay) + more.get(stay, 0)
        ranked.append(_milestone(stay, of_stay, people, known_cases, active_people))
    ranked.sort(
        key=lambda milestone: (-milestone.surprise, milestone.people, milestone.first_met_ms)
    )
    return ranked


def sources(
    contacts: Sequence[Contact],
    crowds: Iterable[Crowd],
    known_cases: KnownCases,
    active_people: int,
) -> list[Source]:
    """Ranks the people met.

    Known cases that could infect then come first, then people met most often at the emptiest
    places. A place is as full as it was, also where not everybody is listed.
    """
    more = _more_by_stay(crowds)
    people_at = {
        stay: _people(of_stay) + more.get(stay, 0) for stay, of_stay in _by_stay(contacts).items()
    }
    meetings: dict[str, list[Contact]] = {}
    for contact in contacts:
        meetings.setdefault(contact.contact_id, []).append(contact)
    ranked = [
        Source(
            person_id=person_id,
            known_case=any(could_infect(contact, known_cases) for contact in of_person),
            rarity=sum(_rarity(contact, people_at, active_people) for contact in of_person),
            meetings=tuple(sorted(of_person, key=lambda contact: contact.rank)),
        )
        for person_id, of_person in meetings.items()
    ]
    ranked.sort(key=lambda source: (not source.known_case, -source.rarity, source.person_id))
    return ranked


def could_infect(contact: Contact, known_cases: KnownCases) -> bool:
    """Says whether the person met is a known case whose period takes in the meeting."""
    return any(
        contact.met_to_ms >= since_ms and contact.met_from_ms <= until_ms
        for since_ms, until_ms in known_cases.get(contact.contact_id, ())
    )


def _more_by_stay(crowds: Iterable[Crowd]) -> dict[StayKey, int]:
    return {(crowd.place, crowd.presence_id): crowd.more for crowd in crowds}


def _by_stay(contacts: Iterable[Contact]) -> dict[StayKey, list[Contact]]:
    by_stay: dict[StayKey, list[Contact]] = {}
    for contact in contacts:
        stay = contact.source_place, contact.source_presence_id
        by_stay.setdefault(stay, []).append(contact)
    return by_stay


def _people(contacts: Iterable[Contact]) -> int:
    return len({contact.contact_id for contact in contacts})


def _rarity(contact: Contact, people_at: Mapping[StayKey, int], active_people: int) -> float:
    people = people_at[contact.source_place, contact.source_presence_id]
    return contact.certainty * math.log2(max(2, active_people) / people)


def _milestone(
    stay: StayKey,
    contacts: Sequence[Contact],
    people: int,
    known_cases: KnownCases,
    active_people: int,
) -> Milestone:
    cases = {contact.contact_id for contact in contacts if could_infect(contact, known_cases)}
    expected = people * min(1.0, len(known_cases) / max(1, active_people))
    place, presence_id = stay
    return Milestone(
        place=place,
        presence_id=presence_id,
        first_met_ms=min(contact.met_from_ms for contact in contacts),
        people=people,
        cases=tuple(sorted(cases)),
        surprise=surprise(len(cases), expected),
    )


def surprise(cases: int, expected: float) -> float:
    """Returns -log10 of the chance of at least `cases` cases where `expected` were expected.

    The number of cases is taken to follow Poisson's distribution.
    """
    if cases == 0:
        return 0.0
    fewer = 1.0
    if expected > 0:
        fewer = sum(math.exp(_log_chance(number, expected)) for number in range(cases))
    chance = 1.0 - fewer
    if chance < BELOW_DIGITS:  # the difference has no digits left: the first term stands for it
        return -_log_chance(cases, max(expected, 1e-300)) / math.log(10)
    return max(0.0, -math.log10(chance))


def _log_chance(number: int, expected: float) -> float:
    """Returns the natural logarithm of the chance of exactly this number."""
    return -expected + number * math.log(expected) - math.lgamma(number + 1)
