"""How two people may be connected: the shortest way along which the one may have infected the other within a period."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from api.doors import doors_of
from api.fields import Instant
from api.problems import FieldFault, invalid
from api.tracing.chains import Chains
from api.tracing.contacts import MINUTE_MS, Asks, Contact, Infectious
from api.tracing.forward import ContactOut, contact_out, ms
from api.tracing.generation import contacts_of
from api.tracing.question import rules_of
from schemas.events import ExposureRulesAdopted

router = APIRouter(prefix="/traces", tags=["traces"])
STEPS_MOST, PER_STAY_MOST, FOLLOWED_MOST = 4, 200, 5_000
PERIOD_MOST = timedelta(days=60)
Person = Annotated[str, Query(pattern="^[0-9a-f]{32}$")]


class PathTrace(BaseModel):
    """Contacts from the one to the other; empty where there is no way of at most four steps."""

    rules_id: str
    forward: list[ContactOut]
    """From `person_id` to `other_id`."""
    backward: list[ContactOut]
    """From `other_id` to `person_id`."""
    complete: bool
    """False where places or generations were too crowded to follow everybody: a way may have been missed."""


@router.get("/path")
async def trace_path(
    request: Request,
    person_id: Person,
    other_id: Person,
    since: Annotated[Instant, Query(alias="from")],
    until: Annotated[Instant, Query(alias="to")],
    rules_id: Annotated[str | None, Query(max_length=50)] = None,
) -> PathTrace:
    if person_id == other_id:
        raise invalid([FieldFault(field="other_id", reason="it is the same person")])
    if not since < until <= since + PERIOD_MOST:
        raise invalid([FieldFault(field="to", reason="it does not lie within 60 days after from")])
    doors, period = doors_of(request), (ms(since), ms(until))
    ask, rules = doors.together, rules_of(doors.reference.latest, rules_id, since)
    forward, all_followed = await _way(ask, Infectious(person_id, *period), other_id, rules)
    backward, all_followed_back = await _way(ask, Infectious(other_id, *period), person_id, rules)
    return PathTrace(
        rules_id=rules.rules_id,
        forward=[contact_out(one) for one in forward],
        backward=[contact_out(one) for one in backward],
        complete=all_followed and all_followed_back,
    )


async def _way(ask: Asks, origin: Infectious, wanted: str, rules: ExposureRulesAdopted) -> tuple[list[Contact], bool]:
    chains, unlisted = Chains(origin, int(rules.latent_hours * 60 * MINUTE_MS)), False
    for _ in range(STEPS_MOST):
        people = chains.infectious(FOLLOWED_MOST)
        contacts, more = await contacts_of(ask, people, rules, most_per_stay=PER_STAY_MOST)
        chains.take(contacts)
        unlisted = unlisted or bool(more)
        if wanted in chains.people or not contacts:
            break
    reached = chains.people.get(wanted)
    return reached.first.chain() if reached else [], not unlisted and not chains.not_followed
