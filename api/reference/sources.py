"""The doors for how fresh the sources are: the register, the zones and the orders.

What is known of each is as its source had it at an instant.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self, get_args

from fastapi import APIRouter
from pydantic import model_validator

from api.accounts.access import EVERY_ROLE, requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.http.fields import EmptyIsNone, Input, Instant, Output
from api.reference.facts import ReferenceAccepted, accept_fact
from schemas.contract.events import SourceRefreshed
from schemas.contract.ids import EventId, derive_id
from schemas.contract.terms import SourceName
from schemas.domain.reference import ReferenceAsOf

router = APIRouter(prefix="/reference", tags=["reference"])
HOLDS: dict[SourceName, timedelta] = {
    "register": timedelta(days=7),
    "zones": timedelta(days=7),
    "orders": timedelta(days=1),
}
"""How long a refresh counts if it does not say.

The spans are ours: no decision we know settles them.
"""


class RefreshedIn(Input):
    """Everything of the source as it was at `refreshed_at` has been sent: a snapshot of the
    register whole, all levels, all orders. It counts as fresh until `good_until`; without it
    a week, orders a day."""

    refreshed_at: Instant
    good_until: Annotated[Instant | None, EmptyIsNone] = None

    @model_validator(mode="after")
    def end_after_begin(self) -> Self:
        if self.good_until is not None and self.good_until <= self.refreshed_at:
            raise ValueError("good_until does not lie after refreshed_at")
        return self


class ReferenceSourceOut(Output):
    """`refreshed_at` empty: not fresh."""

    source: SourceName
    refreshed_at: datetime | None
    good_until: datetime | None


@router.get("/sources")
async def list_sources(
    account: Annotated[Account, requires(*EVERY_ROLE)],
    services: ServicesDep,
    at: Instant | None = None,
) -> list[ReferenceSourceOut]:
    """The state of each source at an instant; now, if not given."""
    instant = at or datetime.now(UTC)
    return [_state(source, services.reference.latest, instant) for source in get_args(SourceName)]


@router.put("/sources/{source}")
async def refresh_source(
    account: Annotated[Account, requires("register", "committee")],
    services: ServicesDep,
    source: SourceName,
    body: RefreshedIn,
) -> ReferenceAccepted:
    """A verdict on a scan at a time for which no refresh holds says that the source is not
    fresh."""
    return await accept_fact(services, _refresh(source, body, account))


def _state(source: SourceName, known: ReferenceAsOf, at: datetime) -> ReferenceSourceOut:
    state = known.refreshed(source, at)
    return ReferenceSourceOut(
        source=source,
        refreshed_at=state.valid_from if state else None,
        good_until=state.valid_to if state else None,
    )


def _refresh(source: SourceName, body: RefreshedIn, account: Account) -> SourceRefreshed:
    return SourceRefreshed(
        event_id=EventId(derive_id("source", source, body.model_dump_json())),
        source=source,
        valid_from=body.refreshed_at,
        valid_to=body.good_until or body.refreshed_at + HOLDS[source],
        received_at=datetime.now(UTC),
        submitted_by=account.name,
    )
