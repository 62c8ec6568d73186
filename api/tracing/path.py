"""How two people may be connected: the shortest way along which the one may have infected the other within a period."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.doors import doors_of
from api.http.fields import Instant, Output, Until
from api.http.problems import FieldFault, invalid
from api.tracing.contacts import Infectious
from api.tracing.meetings import ways_between
from api.tracing.responses import ContactOut, contact_out, ms
from api.tracing.trace_request import rules_of

router = APIRouter(prefix="/traces", tags=["traces"])
PERIOD_MOST = timedelta(days=60)
Person = Annotated[str, Query(pattern="^[0-9a-f]{32}$")]


class PathTrace(Output):
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
    account: Annotated[Account, requires("tracer")],
    person_id: Person,
    other_id: Person,
    since: Annotated[Instant, Query(alias="from")],
    until: Annotated[Until, Query(alias="to")],
    rules_id: Annotated[str | None, Query(max_length=50)] = None,
) -> PathTrace:
    """How an infection may have gone from one person to another, over at most four steps in time order, and how the other way."""
    if person_id == other_id:
        raise invalid([FieldFault(field="other_id", reason="it is the same person")])
    if not since < until <= since + PERIOD_MOST:
        raise invalid([FieldFault(field="to", reason="it does not lie within 60 days after from")])
    doors, period = doors_of(request), (ms(since), ms(until))
    rules = rules_of(doors.reference.latest, rules_id, since)
    one, other = Infectious(person_id, *period), Infectious(other_id, *period)
    forward, backward, complete = await ways_between(doors.together, one, other, rules)
    return PathTrace(
        rules_id=rules.rules_id,
        forward=[contact_out(one) for one in forward],
        backward=[contact_out(one) for one in backward],
        complete=complete,
    )
