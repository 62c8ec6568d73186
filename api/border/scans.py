"""The door for checkpoint scans: what was shown is recognised, sent, and answered with its verdict."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import Field, field_validator
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.certificates import CertificateOut, read_certificate
from api.border.shown import Recognised, recognise, recognise_with_document
from api.border.verdict_response import VerdictOut, override_told, verdict_told
from api.doors.batches import BatchResult, batch_route
from api.doors.doors import Doors, DoorsDep
from api.doors.idempotency import IdempotencyKey, id_by_key
from api.http.fields import EmptyIsNone, Input, Output, PastInstant, Plate, Short
from api.http.problems import FieldFault, Problem, invalid, problems
from infra import metrics
from infra.errors import Unavailable
from schemas.contract.events import CheckpointScanned, VerdictReached
from schemas.contract.ids import EventId
from schemas.contract.terms import Direction, ShownKind
from schemas.contract.topics import CHECKPOINT_SCANS
from schemas.domain.certificates import TEXT_MOST

router = APIRouter(tags=["scans"])
DIRECTIONS = {"vào": "in", "vao": "in", "ra": "out", "qua": "through", "đi qua": "through"}


class ScanIn(Input):
    """`shown`: the text of our QR code, of a CCCD or BHYT card's code, a typed number, or a paper form's serial. `checked`: beside our
    code, the text of the card's code, or the number, of the traveller's own document: tells whether the code is theirs, and stands in for
    one that cannot be trusted. `certificate`: the text of a health certificate (`HC1:`) shown beside it, which is bound to the person by
    name and birth date."""

    scan_id: Annotated[UUID | None, EmptyIsNone] = None
    shown: Annotated[str, Field(max_length=2_000)]
    checked: Annotated[Annotated[str, Field(max_length=2_000)] | None, EmptyIsNone] = None
    certificate: Annotated[Annotated[str, Field(max_length=TEXT_MOST)] | None, EmptyIsNone] = None
    checkpoint_id: Short
    direction: Direction
    vehicle_plate: Annotated[Plate | None, EmptyIsNone] = None
    trailer_plate: Annotated[Plate | None, EmptyIsNone] = None
    green_lane: bool = False
    permit_id: Annotated[Short | None, EmptyIsNone] = None
    """Number on a green lane permit (luồng xanh) that was shown; without it permits are looked up by plate."""
    scanned_at: Annotated[PastInstant | None, EmptyIsNone] = None
    device_id: Annotated[Short | None, EmptyIsNone] = None

    @field_validator("direction", mode="before")
    @classmethod
    def read_direction(cls, value: Any) -> Any:
        return DIRECTIONS.get(value.strip().casefold(), value) if isinstance(value, str) else value


class ScanAccepted(Output):
    """The verdict was not reached in the time given; it will be at `verdict`."""

    scan_id: str
    verdict: str
    shown_kind: ShownKind
    token_expired: bool | None = None
    certificate: CertificateOut | None = None


class ShownAtScan(NamedTuple):
    recognised: Recognised
    certificate: CertificateOut | None


@router.post(
    "/scans", response_model=VerdictOut, responses=problems(409) | {202: {"model": ScanAccepted}}
)
async def scan(
    account: Annotated[Account, requires("checkpoint")],
    doors: DoorsDep,
    body: ScanIn,
    wait_ms: Annotated[int | None, Query(ge=0, le=30_000)] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """200 with the verdict within `wait_ms`, else 202 and where it will be. The same `scan_id` or `Idempotency-Key` makes a retry
    harmless."""
    shown, event = scan_event(body, account, doors, datetime.now(UTC), idempotency_key)
    if doors.scanned.get(event.event_id) not in (None, event.document_key):
        told = "this scan_id was given to the scan of another document, whose verdict it names: scan again under a new one"
        raise Problem(
            HTTPStatus.CONFLICT,
            "scan-id-used",
            told,
            [FieldFault(field="scan_id", reason="it is another scan's")],
        )
    with doors.verdicts.expect(event.event_id) as verdict:
        await doors.broker.accept(CHECKPOINT_SCANS, event.document_key, event)
        doors.scanned.keep(event.event_id, event.document_key)
        wait_s = (doors.settings.verdict_wait_ms if wait_ms is None else wait_ms) / 1000
        await asyncio.wait([verdict], timeout=wait_s)
        if verdict.done():
            return _answer(verdict.result(), shown, code_alone=_code_alone(event))
    accepted = ScanAccepted(
        scan_id=event.event_id,
        verdict=f"/scans/{event.event_id}/verdict",
        shown_kind=shown.recognised.shown_kind,
        token_expired=shown.recognised.token_expired,
        certificate=shown.certificate,
    )
    return Response(
        accepted.model_dump_json(exclude_none=True),
        HTTPStatus.ACCEPTED,
        media_type="application/json",
    )


@router.post("/scans/batch", openapi_extra=batch_route(ScanIn))
async def scan_batch(
    request: Request, account: Annotated[Account, requires("checkpoint", "clerk")], doors: DoorsDep
) -> BatchResult:
    """Scans kept while a post was offline, NDJSON or CSV; verdicts follow under each scan's id."""
    now = datetime.now(UTC)

    def event(body: ScanIn, row_id: Callable[[], str]) -> tuple[str, CheckpointScanned]:
        _, made = scan_event(body, account, doors, now, None if body.scan_id else row_id())
        return made.document_key, made

    return await doors.batches.take(request, CHECKPOINT_SCANS, ScanIn, event)


@router.get("/scans/{scan_id}/verdict", response_model=VerdictOut)
async def verdict(
    account: Annotated[Account, requires("checkpoint", "clerk")], doors: DoorsDep, scan_id: UUID
) -> Response:
    """With what an officer decided otherwise, if one did. 404 while there is none: the scan is unknown, or not decided yet."""
    reached = await verdict_of(doors, scan_id)
    answer = verdict_told(reached, datetime.now(UTC), code_alone=False)
    if overrides := await doors.clickhouse.ask("border/override_of_scan", {"scan_id": scan_id}):
        answer.override = override_told(overrides[0])
    return _response(answer)


async def verdict_of(doors: Doors, scan_id: UUID) -> VerdictReached:
    """Raises `Problem` where there is none yet."""
    found = doors.verdicts.get(str(scan_id)) or await doors.clickhouse.verdict(scan_id)
    if found is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "no-verdict",
            "no scan with this id has been decided; if it was accepted, ask again",
        )
    return found


def scan_event(
    body: ScanIn, account: Account, doors: Doors, received_at: datetime, idempotency_key: str | None
) -> tuple[ShownAtScan, CheckpointScanned]:
    scanned_at = body.scanned_at or received_at
    reference = doors.reference.latest
    if reference.checkpoint(body.checkpoint_id, scanned_at) is None:
        if not doors.reference.ready:
            raise Unavailable("kafka", "the reference data is not read yet")
        raise invalid(
            [
                FieldFault(
                    field="checkpoint_id",
                    reason="no checkpoint with this id was open at scanned_at",
                )
            ]
        )
    recognised = _recognised(body, doors, scanned_at)
    certificate = (
        read_certificate(body.certificate, reference.trust, scanned_at)
        if body.certificate
        else None
    )
    derived = id_by_key("scan", account, idempotency_key, body)
    event = CheckpointScanned(
        **recognised.facts,
        **(certificate.facts if certificate else {}),
        event_id=EventId(str(body.scan_id or derived or uuid4())),
        shown_kind=recognised.shown_kind,
        checkpoint_id=body.checkpoint_id,
        direction=body.direction,
        vehicle_plate=body.vehicle_plate,
        vehicle_key=doors.pseudonyms.vehicle(body.vehicle_plate) if body.vehicle_plate else None,
        scanned_at=scanned_at,
        received_at=received_at,
        submitted_by=account.name,
        device_id=body.device_id,
        green_lane=body.green_lane,
        permit_id=body.permit_id,
        trailer_plate=body.trailer_plate,
        trailer_key=doors.pseudonyms.vehicle(body.trailer_plate) if body.trailer_plate else None,
    )
    return ShownAtScan(recognised, certificate.told if certificate else None), event


def _recognised(body: ScanIn, doors: Doors, at: datetime) -> Recognised:
    known = (doors.pseudonyms, doors.keys, doors.reference.latest.trust, at)
    return (
        recognise_with_document(body.shown, body.checked, *known)
        if body.checked
        else recognise(body.shown, *known)
    )


def _code_alone(event: CheckpointScanned) -> bool:
    return event.shown_kind == "token" and event.document_number is None


def _answer(verdict: VerdictReached, shown: ShownAtScan, *, code_alone: bool) -> Response:
    metrics.VERDICT_WAIT_SECONDS.observe(
        max(0.0, (verdict.decided_at - verdict.received_at).total_seconds())
    )
    answer = verdict_told(verdict, datetime.now(UTC), code_alone=code_alone)
    answer.shown_kind, answer.token_expired = (
        shown.recognised.shown_kind,
        shown.recognised.token_expired,
    )
    answer.certificate = shown.certificate
    return _response(answer)


def _response(answer: VerdictOut) -> Response:
    return Response(answer.model_dump_json(exclude_none=True), media_type="application/json")
