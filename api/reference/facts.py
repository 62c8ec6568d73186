"""Facts of reference data: in force from an instant on, never erased. All its doors share this."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationInfo, field_validator

from api.accounts.accounts import Account
from api.doors.batches import BatchResult, Keyed
from api.doors.services import Services
from api.http.fields import EmptyIsNone, Input, Instant, Output, Until
from schemas.contract.events import ReferenceEvent
from schemas.contract.ids import EventId, derive_id
from schemas.contract.topics import REFERENCE

B = TypeVar("B", bound=BaseModel)


class PeriodIn(Input):
    valid_from: Instant
    valid_to: Annotated[Until | None, EmptyIsNone] = None

    @field_validator("valid_to")
    @classmethod
    def end_after_begin(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        begin = info.data.get("valid_from")
        if value is not None and begin is not None and value <= begin:
            raise ValueError("it does not lie after valid_from")
        return value


class ReferenceAccepted(Output):
    event_id: str
    version: int
    """Version of the reference data that this door knows now, this fact included."""


def provenance(kind: str, body: BaseModel, account: Account) -> dict[str, Any]:
    """Returns the fields that every fact has: its id, by kind and content, and who sent it when."""
    return {
        "event_id": EventId(derive_id(kind, body.model_dump_json())),
        "received_at": datetime.now(UTC),
        "submitted_by": account.name,
    }


async def accept_fact(services: Services, event: ReferenceEvent) -> ReferenceAccepted:
    """Returns when this process itself judges by the fact. Raises `Unavailable` if it is late."""
    await services.broker.accept(REFERENCE, None, event)
    await services.read_reference_to_end()
    return ReferenceAccepted(event_id=event.event_id, version=services.reference.current.version)


async def accept_facts(
    request: Request,
    account: Account,
    services: Services,
    model: type[B],
    make_fact: Callable[[B], ReferenceEvent],
) -> BatchResult:
    """Takes a table of facts. Returns when this process itself judges by them."""

    def row_event(body: B, row_id: Callable[[], str]) -> Keyed:
        return None, make_fact(body)

    result = await services.batches.take(request, account, REFERENCE, model, row_event)
    if result.accepted:
        await services.read_reference_to_end()
    return result
