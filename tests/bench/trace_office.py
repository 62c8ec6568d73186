"""Measures what the contact graph of an office costs to F3: hundreds meet each other all week.

It is processor time of Python alone, from the contacts to the people of the answer.
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from api.tracing.chains import Chains, passes_on
from api.tracing.contacts import DAY_MS, MINUTE_MS, Contact, Infectious
from api.tracing.forward_answer import reached_people
from api.tracing.trace_request import ForwardIn
from infra.settings import Settings
from schemas.domain.exposure import QD_3638
from tests.bench.figures import Figure
from tests.bench.world import SINCE

PEOPLE, MEETINGS, DEPTH, ROUNDS = 200, 2_000, 3, 5
WEEK_MS = 7 * DAY_MS
ROOMS = [f"site:office/{room}" for room in range(40)]
MINUTES = (0, 5, 15, 60)
MAX_S = 0.5
Meeting = tuple[int, int, int, int, str]
"""The other person, the number of the meeting, its begin and end in ms, and the room."""
Met = Mapping[str, Sequence[Contact]]
"""Contacts by person, as ClickHouse gives them: those of one person together."""


def trace_office(_settings: Settings) -> list[Figure]:
    met = office()
    taken_s, reached = list[float](), 0
    for _ in range(ROUNDS):
        seconds, reached = _traced(met)
        taken_s.append(seconds)
    circumstances = {
        "people": PEOPLE,
        "meetings_of_each": MEETINGS,
        "reached": reached,
        "rounds": ROUNDS,
        "worst_s": round(max(taken_s), 2),
    }
    name = f"trace: contact graph of an office to F{DEPTH}, processor time, best round"
    return [Figure(name, min(taken_s), "s", MAX_S, False, circumstances)]


def office() -> Met:
    """Returns the meetings of each, at random in the week, from both sides."""
    choice = random.Random(20210915)
    people = [f"{number:032x}" for number in range(PEOPLE)]
    met = defaultdict[int, list[Meeting]](list)
    for number in range(PEOPLE * MEETINGS // 2):
        one_side, other_side = choice.sample(range(PEOPLE), 2)
        began_ms = choice.randrange(WEEK_MS)
        when = began_ms, began_ms + MINUTE_MS * choice.choice(MINUTES), choice.choice(ROOMS)
        met[one_side].append((other_side, number, *when))
        met[other_side].append((one_side, -number, *when))
    return {
        people[person]: [
            _contact(people[person], people[meeting[0]], meeting) for meeting in of_person
        ]
        for person, of_person in sorted(met.items())
    }


def _contact(person: str, other: str, meeting: Meeting) -> Contact:
    _, number, began_ms, ended_ms, room = meeting
    return Contact(
        source_id=person,
        contact_id=other,
        place=room,
        source_presence_id=str(UUID(int=(1 << 64) + number)),
        contact_presence_id=str(UUID(int=(1 << 64) - number)),
        met_from_ms=began_ms,
        met_to_ms=ended_ms,
        apart_ms=0,
        known_by=("report", "report"),
        granularity=("minute", "minute"),
        rule="overlap_minutes",
    )


def _traced(met: Met) -> tuple[float, int]:
    """Returns the seconds of processor time, and how many people the case led to."""
    case = next(iter(met))
    chains = Chains(Infectious(case, 0, WEEK_MS), latent_ms=0)
    spent_s = 0.0
    for _ in range(DEPTH):
        begun = time.process_time()
        infectious = chains.infectious(limit=5_000)
        spent_s += time.process_time() - begun
        contacts = list(_new_contacts(met, infectious))
        begun = time.process_time()
        chains.apply(contacts)
        spent_s += time.process_time() - begun
    request = ForwardIn(person_id=case, depth=DEPTH, since=SINCE)
    begun = time.process_time()
    people = reached_people(chains, request, QD_3638)
    return spent_s + time.process_time() - begun, len(people)


def _new_contacts(met: Met, infectious: Sequence[Infectious]) -> Iterator[Contact]:
    """Yields what ClickHouse would answer."""
    for person in infectious:
        for contact in met[person.person_id]:
            known = passes_on(contact, person.before_ms, person.until_ms, 0)
            if not known and passes_on(contact, person.since_ms, person.until_ms, 0):
                yield contact
