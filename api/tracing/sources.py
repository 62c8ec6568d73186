"""Where a case may have caught it: its stays and the people met there, ranked by how little chance explains. Pure.

A place where two cases met is telling if few people were there, and says nothing if everybody was: both rankings weigh how busy it was.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from api.tracing.contacts import Contact, Unlisted

PeriodMs = tuple[int, int]
Known = Mapping[str, Sequence[PeriodMs]]
"""By person, from when to when each of their cases may have infected others."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stay of the case (mốc dịch tễ). `surprise`: decimal exponent of the odds against meeting so many known cases there by chance; 0
    where none was."""

    place: str
    presence_id: str
    first_met_ms: int
    people: int
    cases: tuple[str, ...]
    surprise: float


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody met. `rarity`: bits by which their meetings stand out: each counts as much as the place was empty, and the period exact."""

    person_id: str
    known_case: bool
    rarity: float
    meetings: tuple[Contact, ...]


def with_cases_of_crowds(
    contacts: Sequence[Contact],
    unlisted: Iterable[Unlisted],
    crowds: Iterable[Contact],
    known: Known,
) -> tuple[list[Contact], list[Unlisted]]:
    """Beside the contacts listed, whichever of all those in `crowds` are known cases: a crowd hides no source."""
    listed = {(one.source_presence_id, one.contact_presence_id, one.place) for one in contacts}
    added = [
        one
        for one in crowds
        if could_infect(one, known)
        and (one.source_presence_id, one.contact_presence_id, one.place) not in listed
    ]
    counts = Counter((one.source_place, one.source_presence_id) for one in added)
    fewer = [replace(one, more=one.more - counts[one.place, one.presence_id]) for one in unlisted]
    return [*contacts, *added], [one for one in fewer if one.more > 0]


def milestones(
    contacts: Iterable[Contact], unlisted: Sequence[Unlisted], known: Known, active_people: int
) -> list[Milestone]:
    """The most surprising first; among the unsurprising, the emptiest."""
    more = {(one.place, one.presence_id): one.more for one in unlisted}
    found = [
        _milestone(stay, met, known, active_people, more)
        for stay, met in _by_stay(contacts).items()
    ]
    return sorted(found, key=lambda one: (-one.surprise, one.people, one.first_met_ms))


def sources(
    contacts: Sequence[Contact], unlisted: Sequence[Unlisted], known: Known, active_people: int
) -> list[Source]:
    """Known cases that could infect then first, then whoever was met most often at the emptiest places. A place is as full as it was, also
    where not everybody is listed."""
    more = {(one.place, one.presence_id): one.more for one in unlisted}
    people_at = {
        stay: len({one.contact_id for one in met}) + more.get(stay, 0)
        for stay, met in _by_stay(contacts).items()
    }
    meetings: dict[str, list[Contact]] = {}
    for one in contacts:
        meetings.setdefault(one.contact_id, []).append(one)
    found = [
        Source(
            person,
            any(could_infect(one, known) for one in met),
            sum(
                one.certainty
                * math.log2(
                    max(2, active_people) / people_at[one.source_place, one.source_presence_id]
                )
                for one in met
            ),
            tuple(sorted(met, key=lambda one: one.strength)),
        )
        for person, met in meetings.items()
    ]
    return sorted(found, key=lambda one: (not one.known_case, -one.rarity, one.person_id))


def could_infect(contact: Contact, known: Known) -> bool:
    """Whether the person met is a known case whose period takes in the meeting."""
    return any(
        contact.met_to_ms >= since and contact.met_from_ms <= until
        for since, until in known.get(contact.contact_id, ())
    )


def _by_stay(contacts: Iterable[Contact]) -> dict[tuple[str, str], list[Contact]]:
    stays: dict[tuple[str, str], list[Contact]] = {}
    for one in contacts:
        stays.setdefault((one.source_place, one.source_presence_id), []).append(one)
    return stays


def _milestone(
    stay: tuple[str, str],
    met: list[Contact],
    known: Known,
    active_people: int,
    more: Mapping[tuple[str, str], int],
) -> Milestone:
    first_met = min(one.met_from_ms for one in met)
    people = len({one.contact_id for one in met}) + more.get(stay, 0)
    cases = tuple(sorted({one.contact_id for one in met if could_infect(one, known)}))
    expected = people * min(1.0, len(known) / max(1, active_people))
    return Milestone(stay[0], stay[1], first_met, people, cases, surprise(len(cases), expected))


def surprise(cases: int, expected: float) -> float:
    """-log10 of the chance of at least so many where so many were expected (Poisson)."""
    if cases == 0:
        return 0.0
    below = (
        sum(math.exp(-expected + n * math.log(expected) - math.lgamma(n + 1)) for n in range(cases))
        if expected > 0
        else 1.0
    )
    chance = 1.0 - below
    if chance < 1e-12:  # the difference has no digits left: the first term stands for the sum
        return -(
            -expected + cases * math.log(max(expected, 1e-300)) - math.lgamma(cases + 1)
        ) / math.log(10)
    return max(0.0, -math.log10(chance))
