"""Forward traces: F0, whom they may have infected (F1), whom those may have infected in turn (F2) …, in time order, with the evidence."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.backends.batched_queries import meanwhile
from api.backends.clickhouse import Asks
from api.doors.doors import Doors, doors_of
from api.http.fields import Output
from api.http.problems import problems
from api.tracing.case_status import NEITHER, Isolation, Standing, standing_of
from api.tracing.cases import with_case, with_case_today
from api.tracing.chains import Chains, Exposure
from api.tracing.changes import changed
from api.tracing.contacts import MINUTE_MS, Contact, Infectious, Stay, Unlisted
from api.tracing.exports import CONTENTS, chosen, written
from api.tracing.generation import contacts_of
from api.tracing.reassigned import identified, moved_of
from api.tracing.residences import CommuneOut, communes_of, residences_of
from api.tracing.responses import (
    ContactOut,
    RulesOut,
    StayOut,
    UnlistedOut,
    contact_told,
    instant,
    ms,
    rules_out,
    stays_out,
    unlisted_out,
)
from api.tracing.strongest_chains import strongest_chains
from api.tracing.trace_request import ForwardIn, MilestoneIn, period_of, placed, rules_of
from schemas.contract.events import ExposureRulesAdopted
from schemas.contract.ids import derive_id

router = APIRouter(prefix="/traces", tags=["traces"])
NOTHING_SINCE: dict[str, Any] = {"learnt_since": [], "withdrawn_since": [], "moved_since": {}}
ORDER = (
    "contacts: the longest certainly together first, then the least that they may have been apart; "
    "people: by generation, then by their strongest contact"
)


class PersonOut(Output):
    """`chain`: of the shortest ways from the case, the strongest, whose weakest contact is strongest; `contacts`: the evidence for this
    person, the strongest first."""

    person_id: str
    generation: int
    exposed_at: datetime
    """The earliest they can have been, over so many steps."""
    exposed_by: str
    """Whom they then met, and `exposed_place` where."""
    exposed_place: str
    last_exposed_at: datetime
    """End of the last contact with somebody who may have infected them: follow-up counts from here."""
    residence_code: str
    """Commune of residence; empty if nobody knows it."""
    isolated_at: datetime | None
    """When an order began to isolate them that lasts beyond `until` and `contacts_until`. Until then they may have infected others; if it
    keeps them at home, those at home later too."""
    own_case_ids: list[str]
    """Confirmed cases that they are themselves."""
    chain: list[ContactOut]
    contacts: list[ContactOut]
    more_contacts: int


class ForwardTrace(Output):
    person_id: str
    rules: RulesOut
    since: datetime
    until: datetime
    contacts_until: datetime
    """Until then whoever the case led to may have infected others in turn, who is not known to be isolated by order."""
    stays: int
    """How many `milestones` are known. With none nobody knows where it was: then only those of its household can be found."""
    milestones: list[StayOut]
    """Where the case was in its period, as far as it is known and the rules count the place, in order of time; those of the question
    included."""
    known_at: datetime | None
    ranked_by: str
    generations: list[int]
    """People in F1, F2 …"""
    communes: list[CommuneOut]
    """Whose people they are."""
    people: list[PersonOut]
    unlisted: list[UnlistedOut]
    not_followed: dict[int, int]
    """By generation: people listed whose own contacts were not asked for."""
    learnt_since: list[str]
    """With `known_at`: people whom only what was learnt later leads to."""
    withdrawn_since: list[str]
    """With `known_at`: people of this answer whom today's has no more: nothing leads to them, they turned out to be the case, or a crowd
    that has grown since pushed them below its cut."""
    moved_since: dict[str, list[str]]
    """With `known_at`: people of this answer, each with those to whom a later link moved what was known of them in the period."""


@dataclass(frozen=True, slots=True)
class Traced:
    chains: Chains
    unlisted: list[Unlisted]
    stays: list[Stay]
    """Of the case."""
    standing: dict[str, Standing]
    """Of those reached before the last generation; of that one it is looked up with the residences."""


@router.post(
    "/forward", response_model=ForwardTrace, responses=problems(406) | {200: {"content": CONTENTS}}
)
async def trace_forward(
    request: Request, account: Annotated[Account, requires("tracer")], body: ForwardIn
) -> Response:
    """Writes nothing: ask under other rules, with milestones added, or as known earlier, and hold the answers side by side. By `Accept` it
    comes as JSON, a table (`text/csv`), a workbook (XLSX), a dossier to print (`application/pdf`) or a graph (`application/graphml+xml`);
    headers tell what was cut off, and how many people were learnt of and withdrawn since `known_at`."""
    kind = chosen(request.headers.get("accept", "*/*"))
    return await written(await answer_to(doors_of(request), body), kind)


async def answer_to(doors: Doors, question: ForwardIn) -> dict[str, Any]:
    """The fields of a `ForwardTrace`. Raises `Problem` for a question that leaves open what it should say."""
    question = question.model_copy(
        update={"milestones": placed(question.milestones, doors.pseudonyms)}
    )
    body = await with_case(doors.clickhouse, question)
    rules = rules_of(doors.reference.latest, body.rules_id, body.dated, body.known_at)
    since, until = period_of(body, rules)
    known_at_ms = None if body.known_at is None else ms(body.known_at)
    traced = await follow(doors.together, body, rules, (since, until))
    reached, residences = await asyncio.gather(
        meanwhile(lambda: _reached(traced, body, rules)),
        _looked_up(doors.together, traced, known_at_ms),
    )
    return {
        "person_id": body.person_id,
        "rules": rules_out(
            rules, [] if body.contacts_isolated_at else ["contacts_isolated_at"]
        ).model_dump(),
        "since": since,
        "until": until,
        "contacts_until": body.contacts_isolated_at or until,
        "stays": len(traced.stays),
        "milestones": stays_out(traced.stays),
        "known_at": body.known_at,
        "ranked_by": ORDER,
        "generations": [
            sum(one["generation"] == generation for one in reached)
            for generation in range(1, body.depth + 1)
        ],
        "communes": communes_of([residences.get(one["person_id"], "") for one in reached]),
        "people": [_completed(one, traced, residences) for one in reached],
        "unlisted": unlisted_out(traced.unlisted),
        "not_followed": traced.chains.not_followed,
        **(
            NOTHING_SINCE if body.known_at is None else await _since(doors, question, traced.chains)
        ),
    }


async def _since(doors: Doors, question: ForwardIn, then: Chains) -> dict[str, Any]:
    """What has been learnt since the answer would have been given: whom it leads to now, and no longer, and who turned out to be whom."""
    moved = await moved_of(
        doors.together,
        [*then.people, *question.without],
        then.case.since_ms,
        max(map(then.until_ms, then.people)),
    )
    known_as = await identified(doors, moved)
    learnt, withdrawn = changed(then.reached(), await _today(doors, question, known_as), known_as)
    return {
        "learnt_since": learnt,
        "withdrawn_since": withdrawn,
        "moved_since": {one: moved[one] for one in sorted(moved.keys() & then.people.keys())},
    }


async def _today(doors: Doors, question: ForwardIn, known_as: Mapping[str, str]) -> Collection[str]:
    """Whom the same question leads to today, of whoever the people it names are known to be; nobody where the case was retracted since."""
    named: dict[str, Any] = {
        "without": [
            *question.without,
            *(known_as[one] for one in question.without if one in known_as),
        ]
    }
    if question.person_id is not None:
        named["person_id"] = known_as.get(question.person_id, question.person_id)
    body = await with_case_today(doors.clickhouse, question.model_copy(update=named))
    if body is None:
        return ()
    rules = rules_of(doors.reference.latest, body.rules_id, body.dated)
    return (
        await follow(doors.together, body, rules, period_of(body, rules, cut=True))
    ).chains.reached()


async def follow(
    ask: Asks, question: ForwardIn, rules: ExposureRulesAdopted, period: tuple[datetime, datetime]
) -> Traced:
    """Generation by generation, four questions to ClickHouse each. `period`: in which the person of the question may infect others."""
    case = Infectious(question.person_id or "", ms(period[0]), ms(period[1]))
    known_at_ms = None if question.known_at is None else ms(question.known_at)
    contacts_until_ms = (
        None if question.contacts_isolated_at is None else ms(question.contacts_isolated_at)
    )
    chains = Chains(
        case,
        int(rules.latent_hours * 60 * MINUTE_MS),
        frozenset(question.without),
        contacts_until_ms,
    )
    unlisted, stays, standing = list[Unlisted](), list[Stay](), dict[str, Standing]()
    milestones = [_stay(case, one) for one in question.milestones]
    for generation in range(question.depth if case.since_ms < case.until_ms else 0):
        people = chains.infectious(question.most_followed)
        met = await contacts_of(
            ask,
            people,
            rules,
            known_at_ms=known_at_ms,
            milestones=milestones if generation == 0 else (),
            most_per_stay=question.most_per_stay,
        )
        chains.take(met.contacts)
        if generation + 1 < question.depth:
            standing |= await standing_of(
                ask, chains.newly_reached(), known_at_ms, chains.infectious_period
            )
            chains.isolate(_isolations(standing))
        unlisted += met.unlisted
        stays = met.stays if generation == 0 else stays
    return Traced(chains, unlisted, stays, standing)


async def _looked_up(ask: Asks, traced: Traced, known_at_ms: int | None) -> Mapping[str, str]:
    """Where everybody lives whom the case leads to; completes how they stand."""
    chains = traced.chains
    residences, last = await asyncio.gather(
        residences_of(ask, list(chains.reached()), known_at_ms),
        standing_of(ask, chains.newly_reached(), known_at_ms, chains.infectious_period),
    )
    traced.standing.update(last)
    chains.isolate(_isolations(last))
    return residences


def _isolations(standing: Mapping[str, Standing]) -> dict[str, Isolation]:
    return {person: one.isolation for person, one in standing.items() if one.isolation is not None}


def _stay(case: Infectious, milestone: MilestoneIn) -> Stay:
    """No event says it: its id follows from what was told."""
    presence_id = derive_id(
        "milestone", milestone.place, milestone.began_at.isoformat(), milestone.ended_at.isoformat()
    )
    return Stay(case, presence_id, milestone.place, ms(milestone.began_at), ms(milestone.ended_at))


def _reached(
    traced: Traced, question: ForwardIn, rules: ExposureRulesAdopted
) -> list[dict[str, Any]]:
    """The fields of a `PersonOut` for everybody whom the case leads to, but for what `_completed` tells."""
    chains, evidence = traced.chains, traced.chains.evidence()
    strongest = strongest_chains(chains, int(rules.overlap_minutes * MINUTE_MS))
    return [
        {
            "person_id": person,
            "generation": one.generation,
            **_exposed(one.first),
            "last_exposed_at": instant(
                max(
                    min(chains.until_ms(met.source_id, met.place), met.met_to_ms)
                    for met in evidence[person]
                )
            ),
            "chain": _contacts(strongest[person]),
            "contacts": _contacts(evidence[person][: question.most_contacts]),
            "more_contacts": max(0, len(evidence[person]) - question.most_contacts),
        }
        for person, one in sorted(
            chains.reached().items(),
            key=lambda item: (item[1].generation, evidence[item[0]][0].strength),
        )
    ]


def _completed(
    reached: dict[str, Any], traced: Traced, residences: Mapping[str, str]
) -> dict[str, Any]:
    """Nobody of the last generation led to anybody, so that how they stand changes nothing else."""
    person = reached["person_id"]
    return reached | {
        "residence_code": residences.get(person, ""),
        "isolated_at": _instant(traced.chains.isolated_ms(person)),
        "own_case_ids": [case.case_id for case in traced.standing.get(person, NEITHER).own_cases],
    }


def _instant(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else instant(at_ms)


def _exposed(first: Exposure) -> dict[str, Any]:
    assert first.by is not None
    return {
        "exposed_at": instant(first.at_ms),
        "exposed_by": first.by.source_id,
        "exposed_place": first.by.place,
    }


def _contacts(contacts: Sequence[Contact]) -> list[dict[str, Any]]:
    return [contact_told(one) for one in contacts]
