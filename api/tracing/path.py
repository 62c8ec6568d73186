"""How two people may be connected within a period.

The answer is the shortest chain along which one may have infected the other.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.http.fields import Instant, Output, Until
from api.http.problems import FieldFault, invalid
from api.tracing.contacts import Infectious
from api.tracing.meetings import chains_between
from api.tracing.responses import ContactOut, contact_out, ms
from api.tracing.trace_request import rules_of
from api.tracing.trace_services import TraceServices, known_rules
from schemas.contract.events import ExposureRulesAdopted

router = APIRouter(prefix="/traces", tags=["traces"])
MAX_PERIOD = timedelta(days=60)
Person = Annotated[str, Query(pattern="^[0-9a-f]{32}$")]


class PathTrace(Output):
    """The contacts between two people; empty where no chain of at most four steps leads there."""

    rules_id: str
    forward: list[ContactOut]
    """Contacts that lead from `person_id` to `other_id`."""
    backward: list[ContactOut]
    """Contacts that lead from `other_id` to `person_id`."""
    complete: bool
    """False if places or generations were too crowded to follow everybody.

    Then a chain may have been missed.
    """


@router.get("/path", response_model=PathTrace)
async def trace_path(
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    person_id: Person,
    other_id: Person,
    since: Annotated[Instant, Query(alias="from")],
    until: Annotated[Until, Query(alias="to")],
    rules_id: Annotated[str | None, Query(max_length=50)] = None,
) -> Response:
    """Tells how an infection may have gone from one person to another, and the other way.

    A chain has at most four steps, in time order.
    """
    if person_id == other_id:
        raise invalid([FieldFault(field="other_id", reason="it is the same person")])
    if not since < until <= since + MAX_PERIOD:
        raise invalid([FieldFault(field="to", reason="it does not lie within 60 days after from")])
    rules = rules_of(services.reference.latest, rules_id, since)
    person = Infectious(person_id, ms(since), ms(until))
    other = Infectious(other_id, ms(since), ms(until))
    encoded = await services.tracer.call("path", known_rules(services), person, other, rules)
    return Response(encoded, media_type="application/json")


async def path_answer(
    services: TraceServices, person: Infectious, other: Infectious, rules: ExposureRulesAdopted
) -> PathTrace:
    """Computes the trace, in the process that traces."""
    chains = await chains_between(services.batched_queries, person, other, rules)
    return PathTrace(
        rules_id=rules.rules_id,
        forward=[contact_out(contact) for contact in chains.forward],
        backward=[contact_out(contact) for contact in chains.backward],
        complete=chains.complete,
    )
