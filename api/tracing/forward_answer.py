"""Computes forward traces: F0, the people they may have infected (F1), those these may have (F2) …

They come in time order, with the evidence. It runs in the process that traces.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from api.backends.batched_queries import run_after_queries_are_sent
from api.tracing.case_status import NO_STATUS
from api.tracing.cases import with_case, with_case_today
from api.tracing.chains import Chains, Reached
from api.tracing.changes import changes_between
from api.tracing.contacts import MINUTE_MS, Contact
from api.tracing.evidence import evidence_of
from api.tracing.follow import Followed, complete, follow
from api.tracing.forward_trace import ForwardTrace, TraceContact, TracePerson
from api.tracing.reassigned import current_identities, reassigned_people
from api.tracing.residences import communes_of
from api.tracing.responses import (
    instant,
    ms,
    trace_contact,
    trace_crowds,
    trace_rules,
    trace_stays,
)
from api.tracing.strongest_chains import strongest_chains
from api.tracing.trace_request import ForwardIn, period_of, rules_of, with_known_places
from api.tracing.trace_services import TraceServices
from schemas.contract.events import ExposureRulesAdopted

ORDER = (
    "contacts: the longest certainly together first, then the least that they may have been apart; "
    "people: by generation, then by their strongest contact"
)


async def forward_answer(services: TraceServices, request: ForwardIn) -> ForwardTrace:
    """Traces the case. Raises `Problem` for a request that leaves open what it should say."""
    milestones = with_known_places(request.milestones, services.pseudonyms)
    request = request.model_copy(update={"milestones": milestones})
    filled_in = await with_case(services.clickhouse, request)
    latest = services.rules
    rules = rules_of(latest, filled_in.rules_id, filled_in.dated, filled_in.known_at)
    since, until = period_of(filled_in, rules)
    known_at_ms = None if filled_in.known_at is None else ms(filled_in.known_at)
    followed = await follow(services.batched_queries, filled_in, rules, (since, until))
    # The people are computed while ClickHouse looks up residences and the last generation's case
    # status. Nobody was reached through the last generation, so its status changes no chain.
    reached, residences = await asyncio.gather(
        run_after_queries_are_sent(lambda: reached_people(followed.chains, filled_in, rules)),
        complete(services.batched_queries, followed, known_at_ms),
    )
    people = [_completed(person, followed, residences) for person in reached]
    trace = ForwardTrace(
        person_id=filled_in.person_id or "",
        rules=trace_rules(rules, _assumed(filled_in)),
        since=since,
        until=until,
        contacts_until=filled_in.contacts_isolated_at or until,
        stays=len(followed.stays),
        milestones=trace_stays(followed.stays),
        known_at=filled_in.known_at,
        ranked_by=ORDER,
        generations=_generation_sizes(people, filled_in.depth),
        communes=communes_of(person.residence_code for person in people),
        people=people,
        crowds=trace_crowds(followed.crowds),
        not_followed=followed.chains.not_followed,
    )
    if trace.known_at is None:
        return trace
    return await _with_changes_since(trace, services, request, followed.chains)


def _assumed(request: ForwardIn) -> list[str]:
    return [] if request.contacts_isolated_at else ["contacts_isolated_at"]


def _generation_sizes(people: Sequence[TracePerson], depth: int) -> list[int]:
    sizes = [0] * depth
    for person in people:
        sizes[person.generation - 1] += 1
    return sizes


async def _with_changes_since(
    trace: ForwardTrace, services: TraceServices, request: ForwardIn, known_then: Chains
) -> ForwardTrace:
    """Adds what has been learnt since `known_at`, of which `known_then` has the chains.

    The changes are whom the case leads to only now, whom no longer, and who turned out to be whom.
    """
    until_ms = max(map(known_then.until_ms, known_then.people))
    # People whom the request excludes are not among those reached, but today's trace has to exclude
    # them under the identities that they have today.
    people = [*known_then.people, *request.without]
    reassigned = await reassigned_people(
        services.batched_queries, people, known_then.case.since_ms, until_ms
    )
    identities = await current_identities(services, reassigned)
    today = await _people_today(services, request, identities)
    changes = changes_between(known_then.reached(), today, identities)
    of_trace = sorted(reassigned.keys() & known_then.people.keys())
    return replace(
        trace,
        learnt_since=changes.learnt,
        withdrawn_since=changes.withdrawn,
        reassigned_since={person: reassigned[person] for person in of_trace},
    )


async def _people_today(
    services: TraceServices, request: ForwardIn, identities: Mapping[str, str]
) -> Collection[str]:
    """Returns the people whom the same request leads to today.

    The people it names count as whoever they are known to be by now. It leads to nobody where the
    case was retracted since.
    """
    without = [identities[person] for person in request.without if person in identities]
    named: dict[str, Any] = {"without": [*request.without, *without]}
    if request.person_id is not None:
        named["person_id"] = identities.get(request.person_id, request.person_id)
    filled_in = await with_case_today(services.clickhouse, request.model_copy(update=named))
    if filled_in is None:
        return ()
    rules = rules_of(services.rules, filled_in.rules_id, filled_in.dated)
    period = period_of(filled_in, rules, capped=True)
    followed = await follow(services.batched_queries, filled_in, rules, period)
    return followed.chains.reached()


def reached_people(
    chains: Chains, request: ForwardIn, rules: ExposureRulesAdopted
) -> list[TracePerson]:
    """Returns everybody whom the case leads to; `_completed` adds residence and case status."""
    evidence = evidence_of(chains, request.most_contacts)
    strongest = strongest_chains(chains, int(rules.overlap_minutes * MINUTE_MS))

    def by_generation(item: tuple[str, Reached]) -> tuple[int, tuple[int, str], str]:
        """Gives equal ones an order, so that two answers to one question are the same."""
        person_id, reached = item
        strongest_contact = evidence[person_id].strongest[0]
        return reached.generation, strongest_contact.rank, person_id

    people = list[TracePerson]()
    for person_id, reached in sorted(chains.reached().items(), key=by_generation):
        first_contact = reached.first.contact
        assert first_contact is not None
        of_person = evidence[person_id]
        person = TracePerson(
            person_id=person_id,
            generation=reached.generation,
            exposed_at=instant(reached.first.at_ms),
            exposed_by=first_contact.source_id,
            exposed_place=first_contact.place,
            last_exposed_at=instant(of_person.last_exposed_ms),
            chain=_trace_contacts(strongest[person_id]),
            contacts=_trace_contacts(of_person.strongest[: request.most_contacts]),
            more_contacts=max(0, of_person.total - request.most_contacts),
        )
        people.append(person)
    return people


def _trace_contacts(contacts: Sequence[Contact]) -> list[TraceContact]:
    return [trace_contact(contact) for contact in contacts]


def _completed(
    person: TracePerson, followed: Followed, residences: Mapping[str, str]
) -> TracePerson:
    """Adds what `complete` has looked up: residence, isolation and own cases."""
    isolated_ms = followed.chains.isolated_ms(person.person_id)
    status = followed.case_status.get(person.person_id, NO_STATUS)
    return replace(
        person,
        residence_code=residences.get(person.person_id, ""),
        isolated_at=None if isolated_ms is None else instant(isolated_ms),
        own_case_ids=[case.case_id for case in status.own_cases],
    )
