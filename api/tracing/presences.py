"""The door for presences from elsewhere: visitors of a site, an interview, a published data set."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.idempotency import IdempotencyKey, id_by_key
from api.doors.person_names import OUTSIDER, named_person
from api.doors.services import Services, ServicesDep
from api.http.fields import EmptyIsNone, Input, Output, PastInstant, PastUntil, Short, read_document
from api.tracing.places import VEHICLE, known_place
from api.tracing.trace_request import PlaceIn
from schemas.contract.errors import UnreadablePlate
from schemas.contract.events import PresenceReported
from schemas.contract.ids import EventId, derive_id
from schemas.contract.terms import Granularity
from schemas.contract.topics import PRESENCES
from schemas.domain.documents import Document
from schemas.domain.plates import normalise_plate

router = APIRouter(tags=["presences"])
LONGEST_STAY = timedelta(days=1)


class PresenceIn(Input):
    """A stay of a person at a place, or a meeting of two people.

    `person` and `peer` are the number of an identity document, or `external:` and whatever the
    source calls them. `place` is kind:id (`site:…`, `post:…`, `vehicle:` and the plate); where the
    place is not known, `peer` is the person who was met.
    """

    model_config = ConfigDict(populate_by_name=True)

    presence_id: Annotated[UUID | None, EmptyIsNone] = None
    person: Short
    place: Annotated[PlaceIn | None, EmptyIsNone] = None
    peer: Annotated[Short | None, EmptyIsNone] = None
    began_at: Annotated[PastInstant, Field(alias="from")]
    ended_at: Annotated[PastUntil, Field(alias="to")]
    granularity: Granularity = "minute"
    distance_m: Annotated[Annotated[float, Field(ge=0, le=100_000)] | None, EmptyIsNone] = None

    @field_validator("person", "peer")
    @classmethod
    def name_a_person(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if value.startswith(OUTSIDER):
            if not value.removeprefix(OUTSIDER).strip():
                raise ValueError(f"say after {OUTSIDER} what the source calls them")
            return value
        try:
            read_document(None, value)
        except ValueError as unreadable:
            raise ValueError(
                f"{unreadable}; for somebody without a document write {OUTSIDER} and a name"
            ) from None
        return value

    @field_validator("place")
    @classmethod
    def be_a_place(cls, value: str | None) -> str | None:
        if value is None or not value.startswith(VEHICLE):
            return value
        try:
            return VEHICLE + normalise_plate(value.removeprefix(VEHICLE))
        except UnreadablePlate as unreadable:
            raise ValueError(str(unreadable)) from None

    @field_validator("ended_at")
    @classmethod
    def end_within_a_day(cls, value: datetime, info: ValidationInfo) -> datetime:
        began: datetime | None = info.data.get("began_at")
        if began is not None and not began <= value <= began + LONGEST_STAY:
            raise ValueError(
                "it does not lie within a day after from; give a longer stay as several"
            )
        return value

    @model_validator(mode="after")
    def be_somewhere(self) -> Self:
        if (self.place is None) == (self.peer is None):
            raise ValueError("give either a place or a peer")
        if self.peer is not None and _identity(self.peer) == _identity(self.person):
            raise ValueError("person and peer are the same")
        return self


def _identity(name: str) -> str | Document:
    """Returns the same for one person, however their number is spelt."""
    return name if name.startswith(OUTSIDER) else read_document(None, name)


class PresenceAccepted(Output):
    presence_ids: list[str]
    """One id, or two where two people met."""


@router.post("/presences", status_code=HTTPStatus.ACCEPTED)
async def report_presence(
    account: Annotated[Account, requires("checkpoint", "clerk", "tracer")],
    services: ServicesDep,
    body: PresenceIn,
    idempotency_key: IdempotencyKey = None,
) -> PresenceAccepted:
    """Takes a presence: 202 means that the broker has it.

    The same `presence_id` or `Idempotency-Key` makes a retry harmless.
    """
    derived_id = id_by_key("presence", account, idempotency_key, body)
    presence_id = str(body.presence_id or derived_id or uuid4())
    events = presence_events(body, account, services, datetime.now(UTC), presence_id)
    await services.broker.accept_all(PRESENCES, events)
    return PresenceAccepted(presence_ids=[event.event_id for _, event in events])


@router.post("/presences/batch", openapi_extra=batch_route(PresenceIn))
async def report_presences(
    request: Request,
    account: Annotated[Account, requires("clerk", "tracer")],
    services: ServicesDep,
) -> BatchResult:
    """Takes NDJSON or CSV, one stay or meeting a row."""
    now = datetime.now(UTC)

    def events(body: PresenceIn, row_id: Callable[[], str]) -> list[tuple[str, PresenceReported]]:
        return presence_events(body, account, services, now, str(body.presence_id or row_id()))

    return await services.batches.take_several(request, account, PRESENCES, PresenceIn, events)


def presence_events(
    body: PresenceIn, account: Account, services: Services, received_at: datetime, presence_id: str
) -> list[tuple[str, PresenceReported]]:
    """Returns the events with their keys.

    A meeting is two presences at a place of its own, which nobody else shares.
    """
    place = _place(body, services) or f"meeting:{presence_id}"
    people = [body.person] if body.peer is None else [body.person, body.peer]
    events: list[tuple[str, PresenceReported]] = []
    for number, person in enumerate(people):
        key, kind, document_number = named_person(person, services)
        event_id = presence_id if number == 0 else derive_id("peer", presence_id)
        event = PresenceReported(
            event_id=EventId(event_id),
            document_key=key,
            document_kind=kind,
            document_number=document_number,
            place=place,
            began_at=body.began_at,
            ended_at=body.ended_at,
            granularity=body.granularity,
            distance_m=body.distance_m,
            received_at=received_at,
            submitted_by=account.name,
        )
        events.append((key, event))
    return events


def _place(body: PresenceIn, services: Services) -> str | None:
    return None if body.place is None else known_place(body.place, services.pseudonyms)
