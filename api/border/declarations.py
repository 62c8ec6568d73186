"""The door for movement declarations (khai báo di chuyển) and their QR codes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import Field, field_validator
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.qr import render
from api.doors.batches import BatchResult, batch_route
from api.doors.doors import Doors, DoorsDep, under_document
from api.doors.idempotency import IdempotencyKey, id_by_key
from api.http.fields import (
    BirthDate,
    Detail,
    EmptyIsNone,
    Input,
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
from schemas.contract.events import DeclarationCancelled, DeclarationSubmitted
from schemas.contract.ids import DeclarationId, DocumentKey, EventId, derive_id
from schemas.contract.terms import Channel, Sex, TransportMode
from schemas.contract.topics import DECLARATIONS
from schemas.domain.documents import Contradiction, Document, DocumentKind, Text, contradictions
from schemas.domain.tokens import TokenClaims, issue_token

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


class DeclarationIn(WithDocument):
    """A journey declared before travelling. Times without a zone are Vietnam's; a birth date may be a year alone."""

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
    """Of the poster that was scanned: whoever declares at a site was there."""
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
    def arrive_after_departure(cls, value: datetime | None, info: object) -> datetime | None:
        departure = info.data.get("departure_at")  # type: ignore[attr-defined] # as above
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
    """Where the QR code is, as SVG or PNG."""
    valid_until: datetime
    warnings: list[WarningOut] = Field(default_factory=list)
    """What looks wrong in the number itself; the declaration is taken all the same."""


@router.post(
    "/declarations",
    status_code=HTTPStatus.ACCEPTED,
    response_model=DeclarationAccepted,
    responses=problems(409),
)
async def declare(
    account: Annotated[Account, requires("declarant", "checkpoint", "clerk")],
    doors: DoorsDep,
    body: DeclarationIn,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """202 means that the broker has it. The same `declaration_id` or `Idempotency-Key` makes a retry harmless."""
    event = declaration_event(body, account, doors, datetime.now(UTC), idempotency_key)
    declared_at = _first_declared_at(doors, body, event)
    await doors.broker.accept(DECLARATIONS, event.document_key, event)
    doors.issued.keep(event.declaration_id, (event.document_key, declared_at))
    if (
        event.replaces
        and (replaced := doors.issued.get(event.replaces))
        and replaced[0] == event.document_key
    ):
        doors.ended.keep(event.replaces, declared_at)
    claims = token_claims(doors, event.declaration_id, event.document_key, declared_at)
    accepted = DeclarationAccepted(
        declaration_id=event.declaration_id,
        event_id=event.event_id,
        token=issue_token(claims, doors.keys.signing),
        qr=f"/declarations/{event.declaration_id}/qr",
        valid_until=claims.expires_at,
        warnings=_warnings(event),
    )
    return Response(accepted.model_dump_json(), HTTPStatus.ACCEPTED, media_type="application/json")


def _first_declared_at(doors: Doors, body: DeclarationIn, event: DeclarationSubmitted) -> datetime:
    """Of a retry: when it was declared, which its code goes by. Raises `Problem` for an id that is another declaration's: it would be taken
    for a retry, and lost."""
    first = doors.issued.get(event.declaration_id)
    if first is None:
        return event.declared_at
    document_key, declared_at = first
    if document_key != event.document_key or (
        body.declared_at is not None and body.declared_at != declared_at
    ):
        told = "this declaration_id is another declaration's: declare anew under a new one, and say by replaces which it replaces"
        raise Problem(
            HTTPStatus.CONFLICT,
            "declaration-id-used",
            told,
            [FieldFault(field="declaration_id", reason="it is in use")],
        )
    return declared_at


@router.post("/declarations/batch", openapi_extra=batch_route(DeclarationIn))
async def declare_batch(
    request: Request, account: Annotated[Account, requires("declarant", "clerk")], doors: DoorsDep
) -> BatchResult:
    """NDJSON or CSV, one declaration a row; a result per refused row."""
    now = datetime.now(UTC)

    def event(body: DeclarationIn, row_id: Callable[[], str]) -> tuple[str, DeclarationSubmitted]:
        made = declaration_event(
            body, account, doors, now, None if body.declaration_id else row_id()
        )
        return made.document_key, made

    return await doors.batches.take(request, DECLARATIONS, DeclarationIn, event)


class CancellationIn(Input):
    cancelled_at: Annotated[PastInstant | None, EmptyIsNone] = None
    """Now, if not given; a form that came in late says when."""


class CancellationAccepted(Output):
    event_id: str


@router.post("/declarations/{declaration_id}/cancellation", status_code=HTTPStatus.ACCEPTED)
async def cancel_declaration(
    account: Annotated[Account, requires("declarant", "checkpoint", "clerk")],
    doors: DoorsDep,
    declaration_id: UUID,
    body: CancellationIn | None = None,
) -> CancellationAccepted:
    """From then on the declaration and its code count no longer. 202 means that the broker has it; again does no harm."""
    now = datetime.now(UTC)
    document_key, _ = await known_declaration(doors, declaration_id)
    cancelled_at = (body and body.cancelled_at) or now
    event = DeclarationCancelled(
        event_id=EventId(
            derive_id("declaration-cancelled", str(declaration_id), str(cancelled_at))
        ),
        declaration_id=DeclarationId(str(declaration_id)),
        document_key=DocumentKey(document_key),
        cancelled_at=cancelled_at,
        received_at=now,
        submitted_by=account.name,
    )
    await doors.broker.accept(DECLARATIONS, event.document_key, event)
    doors.ended.keep(event.declaration_id, event.cancelled_at)
    return CancellationAccepted(event_id=event.event_id)


@router.get(
    "/declarations/{declaration_id}/qr",
    response_class=Response,
    responses=problems(406, 410) | {200: {"content": {"image/svg+xml": {}, "image/png": {}}}},
)
async def qr(
    request: Request,
    account: Annotated[Account, requires("declarant", "checkpoint", "clerk")],
    doors: DoorsDep,
    declaration_id: UUID,
) -> Response:
    """SVG or PNG, by Accept. 410 when the declaration is no longer valid, was cancelled or replaced."""
    document_key, declared_at = await known_declaration(doors, declaration_id)
    claims = token_claims(
        doors, DeclarationId(str(declaration_id)), DocumentKey(document_key), declared_at
    )
    now = datetime.now(UTC)
    ended_at = doors.ended.get(str(declaration_id)) or await doors.clickhouse.declaration_ended(
        declaration_id
    )
    if ended_at is not None and ended_at <= now:
        told = f"it was cancelled or replaced at {ended_at.isoformat()}; declare again, or show the newer code"
        raise Problem(HTTPStatus.GONE, "declaration-ended", told)
    if claims.expires_at <= now:
        raise Problem(
            HTTPStatus.GONE,
            "declaration-expired",
            f"it was valid until {claims.expires_at.isoformat()}; declare again",
        )
    return render(issue_token(claims, doors.keys.signing), request.headers.get("accept", "*/*"))


async def known_declaration(doors: Doors, declaration_id: UUID) -> tuple[str, datetime]:
    """Its document's pseudonym, and when it was made. Raises `Problem` where nobody knows it."""
    found = doors.issued.get(str(declaration_id)) or await doors.clickhouse.declaration(
        declaration_id
    )
    if found is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "unknown-declaration",
            "no declaration has this id; a new one may take a second to appear",
        )
    return found


def declaration_event(
    body: DeclarationIn,
    account: Account,
    doors: Doors,
    received_at: datetime,
    idempotency_key: str | None,
) -> DeclarationSubmitted:
    declaration_id = DeclarationId(
        str(
            body.declaration_id
            or id_by_key("declaration", account, idempotency_key, body)
            or uuid4()
        )
    )
    serial = Document(DocumentKind.PAPER_FORM, body.paper_serial) if body.paper_serial else None
    said = body.model_dump(
        exclude={"declaration_id", "document_kind", "document_number", "declared_at", "replaces"}
    )
    return DeclarationSubmitted(
        **under_document(body.document, account, doors, received_at),
        **said,
        event_id=EventId(derive_id("declaration-submitted", declaration_id)),
        declaration_id=declaration_id,
        vehicle_key=doors.pseudonyms.vehicle(body.vehicle_plate) if body.vehicle_plate else None,
        paper_key=doors.pseudonyms.document(serial) if serial else None,
        declared_at=body.declared_at or received_at,
        replaces=DeclarationId(str(body.replaces)) if body.replaces else None,
    )


def token_claims(
    doors: Doors, declaration_id: DeclarationId, document_key: DocumentKey, declared_at: datetime
) -> TokenClaims:
    hours = doors.reference.latest.policy(declared_at).declaration_valid_hours
    issued_at = declared_at.replace(microsecond=0)
    return TokenClaims(declaration_id, document_key, issued_at, issued_at + timedelta(hours=hours))


def _warnings(event: DeclarationSubmitted) -> list[WarningOut]:
    if event.document_kind != "cccd":
        return []
    found = contradictions(event.document_number, event.sex, event.birth_date)
    return [
        WarningOut(code=f"cccd_{one}", vi=WARNINGS[one].vi, en=WARNINGS[one].en) for one in found
    ]
