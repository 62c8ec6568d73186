"""What a hand-over asks. What it leaves open is taken over from the last hand-over of the case, so that asking again asks the same."""

from typing import Annotated, Any
from uuid import UUID, uuid4

import orjson
from pydantic import Field, ValidationError

from api.backends.clickhouse import ReadSide
from api.handovers.events import FOLLOW_DAYS_MOST, Handing
from api.http.fields import Input, Until
from api.tracing.trace_request import MilestoneIn
from schemas.contract.events import HandoverAsked
from schemas.contract.ids import EventId


class HandoverIn(Input):
    """The trace as in `POST /traces/forward`; how long its contacts are watched, and until when each list must be acknowledged. Handed over
    again, whatever is left out is as it was the last time."""

    case_id: UUID
    depth: Annotated[int, Field(ge=1, le=4)] = 2
    rules_id: str | None = None
    days_before_sampling: Annotated[int | None, Field(ge=0, le=30)] = None
    contacts_isolated_at: Until | None = None
    milestones: list[MilestoneIn] = Field(default_factory=list, max_length=100)
    most_per_stay: Annotated[int, Field(ge=1, le=2_000)] = 200
    follow_days: Annotated[int | None, Field(ge=1, le=FOLLOW_DAYS_MOST)] = None
    """Where the rules do not settle it."""
    deadline_hours: Annotated[float, Field(gt=0, le=24 * 7)] = 4
    anew: bool = False
    """Takes nothing over."""


async def as_before(ask: ReadSide, body: HandoverIn) -> tuple[HandoverIn, list[str]]:
    """The question whole, and the names of the fields that it takes over."""
    rows = (
        [] if body.anew else await ask.ask("handovers/handover_request", {"case_id": body.case_id})
    )
    told: dict[str, Any] = orjson.loads(rows[0]["question"]) if rows else {}
    before = {
        name: value
        for name, value in told.items()
        if name in HandoverIn.model_fields.keys() - body.model_fields_set
    }
    said = body.model_dump(include=body.model_fields_set)
    try:
        return HandoverIn(**said | before), sorted(before)
    except ValidationError as error:  # what an older version took, this one may not
        kept = before.keys() - {fault["loc"][0] for fault in error.errors()}
        return HandoverIn(**said | {name: before[name] for name in kept}), sorted(kept)


def asked(body: HandoverIn, handing: Handing, report_id: str, issued: int) -> HandoverAsked:
    said = body.model_dump(mode="json", exclude={"case_id", "anew"}, exclude_defaults=True)
    return HandoverAsked(
        event_id=EventId(str(uuid4())),
        case_id=handing.case_id,
        report_id=EventId(report_id),
        question=orjson.dumps(said).decode(),
        issued=issued,
        asked_at=handing.issued_at,
        submitted_by=handing.account,
    )
