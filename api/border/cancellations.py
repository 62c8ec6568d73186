"""The door at which a declaration is taken back."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.declaration_codes import known_declaration
from api.doors.services import ServicesDep
from api.http.fields import EmptyIsNone, Input, Output, PastInstant
from api.http.problems import problems
from schemas.contract.events import DeclarationCancelled
from schemas.contract.ids import DeclarationId, DocumentKey, EventId, derive_id
from schemas.contract.topics import DECLARATIONS

router = APIRouter(tags=["declarations"])


class CancellationIn(Input):
    cancelled_at: Annotated[PastInstant | None, EmptyIsNone] = None
    """Now, if not given; a form that came in late says when."""


class CancellationAccepted(Output):
    event_id: str


@router.post(
    "/declarations/{declaration_id}/cancellation",
    status_code=HTTPStatus.ACCEPTED,
    responses=problems(409),
)
async def cancel_declaration(
    declaration_id: UUID,
    account: Annotated[Account, requires("declarant", "clerk", "checkpoint")],
    services: ServicesDep,
    body: CancellationIn | None = None,
) -> CancellationAccepted:
    """The declaration and its code count no longer from then on. 202 means that the broker has it;
    again does no harm."""
    now = datetime.now(UTC)
    document_key, _ = await known_declaration(services, declaration_id)
    cancelled_at = (body and body.cancelled_at) or now
    event_id = derive_id("declaration-cancelled", str(declaration_id), str(cancelled_at))
    event = DeclarationCancelled(
        event_id=EventId(event_id),
        declaration_id=DeclarationId(str(declaration_id)),
        document_key=DocumentKey(document_key),
        cancelled_at=cancelled_at,
        received_at=now,
        submitted_by=account.name,
    )
    await services.broker.accept(DECLARATIONS, event.document_key, event)
    services.accepted.note(event)
    return CancellationAccepted(event_id=event.event_id)
