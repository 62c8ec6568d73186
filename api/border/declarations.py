"""The door for movement declarations (*khai báo di chuyển*)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field, ValidationInfo, field_validator
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.declaration_codes import code_claims
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.idempotency import IdempotencyKey
from api.doors.services import Services, ServicesDep
from api.http.fields import (
    BirthDate,
    Detail,
    EmptyIsNone,
    Instant,
    Name,
    Output,
    PastInstant,
    PlaceCode,
    Plate,
    SexIn,
    Short,
    SiteId,
    Symptoms,
    WithDocument,
    read_document,
)
from api.http.problems import FieldFault, Problem, problems
from schemas.contract.events import DeclarationSubmitted
from schemas.contract.ids import DeclarationId, EventId, derive_id
from schemas.contract.terms import Channel, Sex, TransportMode
from schemas.contract.topics import DECLARATIONS
from schemas.domain.documents import Contradiction, Document, DocumentKind, contradictions
from schemas.domain.texts import Text
from schemas.domain.tokens import issue_token

router = APIRouter(tags=["declarations"])
WARNINGS: Mapping[Contradiction, Text] = {
    "sex": Text(
        "Số CCCD không khớp với giới tính đã khai.", "The CCCD number is of the other sex."
    ),
    "birth_year": Text(
        "Số CCCD không khớp với năm sinh đã khai.", "The CCCD number is of another birth year."
    ),
    "unknown_province": Text(
        "Mã tỉnh trong số CCCD không có trong danh mục.",
        "The CCCD number's province code is not in the list.",
    ),
}
ID_USED = (
    "this declaration_id is another declaration's: "
    "declare anew under a new one, and say by replaces which it replaces"
)
ID_IN_USE = FieldFault(field="declaration_id", reason="it is in use")


class DeclarationIn(WithDocument):
    """A journey declared before travelling. Times without a zone are Vietnam's; a birth date may
    be a year alone."""

    declaration_id: Annotated[UUID | None, EmptyIsNone] = None
    full_name: Name
    birth_date: BirthDate
    sex: Annotated[Sex, SexIn] = "unknown"
    nationality: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "VN"
    phone: Annotated[Short | None, EmptyIsNone] = None
    permanent_code: Annotated[PlaceCode | None, EmptyIsNone] = None
    permanent_detail: Annotated[Detail | None, EmptyIsNone] = None
    lodging_code: Annotated[PlaceCode | None, EmptyIsNone] = None
    lodging_detail: Annotated[Detail | None, EmptyIsNone] = None
    origin_code: PlaceCode
    origin_detail: Annotated[Detail | None, EmptyIsNone] = None
    destination_code: PlaceCode
    destination_detail: Annotated[Detail | None, EmptyIsNone] = None
    departure_at: Instant
    arrival_at: Annotated[Instant | None, EmptyIsNone] = None
    transport_mode: TransportMode = "other"
    vehicle_plate: Annotated[Plate | None, EmptyIsNone] = None
    seat: Annotated[Short | None, EmptyIsNone] = None
    purpose: Annotated[Detail | None, EmptyIsNone] = None
    symptoms: Symptoms = Field(default_factory=list, max_length=20)
    exposed: Annotated[bool | None, EmptyIsNone] = None
    channel: Channel = "app"
    site_id: Annotated[SiteId | None, EmptyIsNone] = None
    """The site whose poster was scanned: whoever declares at a site was there."""
    paper_serial: Annotated[str | None, EmptyIsNone] = None
    declared_at: Annotated[PastInstant | None, EmptyIsNone] = None
    replaces: Annotated[UUID | None, EmptyIsNone] = None
    """The declaration that this one corrects: its code counts no longer."""

    @field_validator("paper_serial")
    @classmethod
    def read_serial(cls, value: str | None) -> str | None:
        return value and read_document(DocumentKind.PAPER_FORM, value).number

    @field_validator("arrival_at")
    @classmethod
    def arrive_after_departure(
        cls, value: datetime | None, info: ValidationInfo
    ) -> datetime | None:
        departure = info.data.get("departure_at")
        if value is not None and departure is not None and value < departure:
            raise ValueError("it lies before departure_at")
        return value


class WarningOut(Output):
    code: str
    vi: str
    en: str


class DeclarationAccepted(Output):
    declaration_id: str
    event_id: str
    token: str
    """The text of the QR code."""
    qr: str
    """The address of the QR code, as SVG or PNG."""
    valid_until: datetime
    warnings: list[WarningOut] = Field(default_factory=list)
    """Doubts about the document's number itself; the declaration is accepted all the same."""


def declaration_event(body: DeclarationIn, submission: Submission) -> DeclarationSubmitted:
    """Returns the event: all that was declared, and the pseudonyms of document, plate and paper."""
    declaration_id = DeclarationId(str(body.declaration_id or submission.retry_id() or uuid4()))
    pseudonyms = submission.services.pseudonyms
    serial = Document(DocumentKind.PAPER_FORM, body.paper_serial) if body.paper_serial else None
    stated = body.model_dump(
        exclude={"declaration_id", "document_kind", "document_number", "declared_at", "replaces"}
    )
    return DeclarationSubmitted(
        **submission.about_holder(body.document),
        **stated,
        event_id=EventId(derive_id("declaration-submitted", declaration_id)),
        declaration_id=declaration_id,
        vehicle_key=pseudonyms.vehicle(body.vehicle_plate) if body.vehicle_plate else None,
        paper_key=pseudonyms.document(serial) if serial else None,
        declared_at=body.declared_at or submission.received_at,
        replaces=DeclarationId(str(body.replaces)) if body.replaces else None,
    )


async def claim_ids(
    services: Services, events: Sequence[DeclarationSubmitted]
) -> list[FieldFault | None]:
    """Claims the ids of declarations, and returns a fault for each that is another declaration's.

    Such a declaration would be taken for a retry, and lost.
    """
    free = await services.ids.claim_declarations(events)
    return [None if is_free else ID_IN_USE for is_free in free]


SUBMITTED = EventDoor(
    "declaration", DECLARATIONS, DeclarationIn, declaration_event, claim=claim_ids
)
"""Its topic is `declarations`, keyed by the pseudonym of the document; `identify` reads it."""


@router.post(
    "/declarations",
    status_code=HTTPStatus.ACCEPTED,
    response_model=DeclarationAccepted,
    responses=problems(409),
)
async def declare(
    body: DeclarationIn,
    account: Annotated[Account, requires("declarant", "clerk", "checkpoint")],
    services: ServicesDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """202 means that the broker has it. The same `declaration_id` or `Idempotency-Key` makes a
    retry harmless. 409 where the `declaration_id` is another declaration's."""
    event = declaration_event(body, SUBMITTED.submission(body, account, services, idempotency_key))
    if body.declaration_id or idempotency_key:  # no other id can be known
        await _claim_id(services, event)
    await SUBMITTED.send(event, services)
    declared_at = services.accepted.declared_at(event)
    claims = code_claims(services, event.declaration_id, event.document_key, declared_at)
    accepted = DeclarationAccepted(
        declaration_id=event.declaration_id,
        event_id=event.event_id,
        token=issue_token(claims, services.keys.signing),
        qr=f"/declarations/{event.declaration_id}/qr",
        valid_until=claims.expires_at,
        warnings=_warnings(event),
    )
    return Response(accepted.model_dump_json(), HTTPStatus.ACCEPTED, media_type="application/json")


@router.post("/declarations/batch", openapi_extra=batch_route(DeclarationIn))
async def declare_batch(
    request: Request,
    account: Annotated[Account, requires("declarant", "clerk")],
    services: ServicesDep,
) -> BatchResult:
    """The body is NDJSON or CSV, one declaration a row. The answer names each refused row."""
    return await SUBMITTED.accept_table(request, account, services)


async def _claim_id(services: Services, event: DeclarationSubmitted) -> None:
    """Raises `Problem` where the id is another declaration's."""
    for fault in await claim_ids(services, [event]):
        if fault is not None:
            raise Problem(HTTPStatus.CONFLICT, "declaration-id-used", ID_USED, [fault])


def _warnings(event: DeclarationSubmitted) -> list[WarningOut]:
    if event.document_kind != "cccd":
        return []
    kinds = contradictions(event.document_number, event.sex, event.birth_date)
    return [
        WarningOut(code=f"cccd_{kind}", vi=WARNINGS[kind].vi, en=WARNINGS[kind].en)
        for kind in kinds
    ]
