"""The door where a committee says that it has received a list."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.handovers.lists import handover_of
from api.handovers.publish import publish
from api.http.fields import Input, Output
from api.http.problems import Problem, problems
from schemas.contract.events import HandoverAcknowledged
from schemas.contract.ids import EventId, HandoverId, derive_id

router = APIRouter(prefix="/handovers", tags=["handovers"])


class AcknowledgementIn(Input):
    """A receipt names the revision that was read: nobody acknowledges one they have not seen."""

    revision: int


class Acknowledged(Output):
    event_id: str
    handover_id: str
    revision: int


@router.post(
    "/{handover_id}/acknowledgement", status_code=HTTPStatus.ACCEPTED, responses=problems(409)
)
async def acknowledge(
    account: Annotated[Account, requires("committee", "tracer")],
    services: ServicesDep,
    handover_id: UUID,
    body: AcknowledgementIn,
) -> Acknowledged:
    """Takes a receipt: 202 means that the broker has it, and of several the first counts.

    The answer is 409 if there is a newer revision to read. The tracing team receives only the list
    of people whose residence nobody knows, which stays with it.
    """
    handover = await handover_of(services.clickhouse, handover_id, account)
    if account.role == "tracer" and handover.unit_code:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "other-area",
            f"this list is for the committee of {handover.unit_name} to acknowledge",
        )
    if body.revision != handover.revision:
        detail = f"this list is at revision {handover.revision}; read that one and acknowledge it"
        raise Problem(HTTPStatus.CONFLICT, "other-revision", detail)
    event = HandoverAcknowledged(
        event_id=EventId(derive_id("handover-acknowledged", handover.issue_id, account.name)),
        handover_id=HandoverId(handover.handover_id),
        issue_id=EventId(handover.issue_id),
        acknowledged_at=datetime.now(UTC),
        submitted_by=account.name,
    )
    await publish(services, [event])
    return Acknowledged(
        event_id=event.event_id, handover_id=handover.handover_id, revision=handover.revision
    )
