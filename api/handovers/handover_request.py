"""The request for a hand-over.

What it leaves open is taken over from the last hand-over of the case, so that asking again
asks the same.
"""

from typing import Annotated, Any
from uuid import UUID, uuid4

import orjson
from pydantic import Field, ValidationError

from api.backends.clickhouse import ReadSide
from api.handovers.events import MAX_FOLLOW_DAYS, HandoverTerms
from api.http.fields import Input, Until
from api.tracing.trace_request import MilestoneIn
from schemas.contract.events import HandoverAsked
from schemas.contract.ids import EventId


class HandoverIn(Input):
    """The trace as in `POST /traces/forward`, and how its contacts are handed over.

    The request says how long contacts are watched, and until when each list must be acknowledged.
    Handed over again, whatever is left out is as it was the last time.
    """

    case_id: UUID
    depth: Annotated[int, Field(ge=1, le=4)] = 2
    rules_id: str | None = None
    days_before_sampling: Annotated[int | None, Field(ge=0, le=30)] = None
    contacts_isolated_at: Until | None = None
    milestones: list[MilestoneIn] = Field(default_factory=list, max_length=100)
    most_per_stay: Annotated[int, Field(ge=1, le=2_000)] = 200
    follow_days: Annotated[int | None, Field(ge=1, le=MAX_FOLLOW_DAYS)] = None
    """Days for which contacts are watched; for rules that do not settle the number."""
    deadline_hours: Annotated[float, Field(gt=0, le=24 * 7)] = 4
    anew: bool = False
    """True: no field is taken over from the last hand-over."""


async def with_last_request(ask: ReadSide, body: HandoverIn) -> tuple[HandoverIn, list[str]]:
    """Returns the whole request, and the names of the fields that it takes over."""
    if body.anew:
        return body, []
    last = await _last_request(ask, body.case_id)
    left_open = HandoverIn.model_fields.keys() - body.model_fields_set
    taken_over = {name: value for name, value in last.items() if name in left_open}
    claimed = body.model_dump(include=body.model_fields_set)
    try:
        return HandoverIn(**claimed | taken_over), sorted(taken_over)
    except ValidationError as error:  # an older version took what this one may not
        for fault in error.errors():
            taken_over.pop(str(fault["loc"][0]), None)
        return HandoverIn(**claimed | taken_over), sorted(taken_over)


async def _last_request(ask: ReadSide, case_id: UUID) -> dict[str, Any]:
    rows = await ask.ask("handovers/handover_request", {"case_id": case_id})
    if not rows:
        return {}
    last: dict[str, Any] = orjson.loads(rows[0]["question"])
    return last


def asked_event(
    body: HandoverIn, terms: HandoverTerms, report_id: str, issued: int
) -> HandoverAsked:
    """Returns the event that keeps the request, for the next hand-over of the case."""
    request = body.model_dump(mode="json", exclude={"case_id", "anew"}, exclude_defaults=True)
    return HandoverAsked(
        event_id=EventId(str(uuid4())),
        case_id=terms.case_id,
        report_id=EventId(report_id),
        question=orjson.dumps(request).decode(),
        issued=issued,
        asked_at=terms.issued_at,
        submitted_by=terms.account,
    )
