"""The door for checkpoint scans: what is shown is recognised, sent, and answered by a verdict."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import Field, field_validator
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.certificates import CertificateOut, PresentedCertificate, read_certificate
from api.border.presented import Recognised, recognise, recognise_with_document
from api.border.verdict_response import VerdictOut, json_response, verdict_response
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.idempotency import IdempotencyKey
from api.doors.services import Services, ServicesDep
from api.http.fields import EmptyIsNone, Input, Output, PastInstant, Plate, Short
from api.http.problems import FieldFault, Problem, invalid, problems
from infra import metrics
from schemas.contract.events import CheckpointScanned, VerdictReached
from schemas.contract.ids import EventId
from schemas.contract.terms import Direction, ShownKind
from schemas.contract.topics import CHECKPOINT_SCANS
from schemas.domain.certificates import MAX_TEXT_LENGTH

router = APIRouter(tags=["scans"])
DIRECTIONS = {"vào": "in", "vao": "in", "ra": "out", "qua": "through", "đi qua": "through"}
ID_USED = (
    "this scan_id was given to the scan of another document, whose verdict it names: "
    "scan again under a new one"
)
UNKNOWN_CHECKPOINT = FieldFault(
    field="checkpoint_id", reason="no checkpoint with this id was open at scanned_at"
)
ID_IN_USE = FieldFault(field="scan_id", reason="it is another scan's")


class ScanIn(Input):
    """`shown`: the text of our QR code, of a CCCD or BHYT card's code, a typed number, or a paper
    form's serial. `checked`: beside our code, the text of the card's code, or the number, of the
    traveller's own document: tells whether the code is theirs, and stands in for one that cannot be
    trusted. `certificate`: the text of a health certificate (`HC1:`) shown beside it, which is
    bound to the person by name and birth date."""

    scan_id: Annotated[UUID | None, EmptyIsNone] = None
    shown: Annotated[str, Field(max_length=2_000)]
    checked: Annotated[Annotated[str, Field(max_length=2_000)] | None, EmptyIsNone] = None
    certificate: Annotated[
        Annotated[str, Field(max_length=MAX_TEXT_LENGTH)] | None, EmptyIsNone
    ] = None
    checkpoint_id: Short
    direction: Direction
    vehicle_plate: Annotated[Plate | None, EmptyIsNone] = None
    trailer_plate: Annotated[Plate | None, EmptyIsNone] = None
    green_lane: bool = False
    permit_id: Annotated[Short | None, EmptyIsNone] = None
    """Number on a green lane permit (luồng xanh) that was shown; without it permits are looked up
    by plate."""
    scanned_at: Annotated[PastInstant | None, EmptyIsNone] = None
    device_id: Annotated[Short | None, EmptyIsNone] = None

    @field_validator("direction", mode="before")
    @classmethod
    def read_direction(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return DIRECTIONS.get(value.strip().casefold(), value)


class ScanAccepted(Output):
    """The verdict was not reached in the time given; it will be at `verdict`."""

    scan_id: str
    verdict: str
    shown_kind: ShownKind
    token_expired: bool | None = None
    certificate: CertificateOut | None = None


@dataclass(frozen=True, slots=True)
class Presented:
    """The texts that the traveller presented, as this door read them."""

    recognised: Recognised
    certificate: PresentedCertificate | None

    @property
    def certificate_out(self) -> CertificateOut | None:
        return self.certificate.description if self.certificate else None


def read_presented(body: ScanIn, submission: Submission) -> Presented:
    """Raises `Problem` for an unknown checkpoint, and for anything that leads to nobody."""
    services = submission.services
    scanned_at = body.scanned_at or submission.received_at
    trust = services.reference.latest.trust
    if not _is_open(body, submission):
        raise invalid([UNKNOWN_CHECKPOINT])
    known = (services.pseudonyms, services.keys, trust, scanned_at)
    if body.checked:
        recognised = recognise_with_document(body.shown, body.checked, *known)
    else:
        recognised = recognise(body.shown, *known)
    certificate = None
    if body.certificate:
        certificate = read_certificate(body.certificate, trust, scanned_at)
    return Presented(recognised, certificate)


def scan_event(body: ScanIn, presented: Presented, submission: Submission) -> CheckpointScanned:
    pseudonyms = submission.services.pseudonyms
    certificate_facts = presented.certificate.facts if presented.certificate else {}
    event_id = body.scan_id or submission.retry_id() or uuid4()
    return CheckpointScanned(
        **presented.recognised.facts,
        **certificate_facts,
        event_id=EventId(str(event_id)),
        shown_kind=presented.recognised.shown_kind,
        checkpoint_id=body.checkpoint_id,
        direction=body.direction,
        vehicle_plate=body.vehicle_plate,
        vehicle_key=pseudonyms.vehicle(body.vehicle_plate) if body.vehicle_plate else None,
        scanned_at=body.scanned_at or submission.received_at,
        received_at=submission.received_at,
        submitted_by=submission.account.name,
        device_id=body.device_id,
        green_lane=body.green_lane,
        permit_id=body.permit_id,
        trailer_plate=body.trailer_plate,
        trailer_key=pseudonyms.vehicle(body.trailer_plate) if body.trailer_plate else None,
    )


def _event_of_row(body: ScanIn, submission: Submission) -> CheckpointScanned:
    return scan_event(body, read_presented(body, submission), submission)


async def claim_ids(
    services: Services, scans: Sequence[CheckpointScanned]
) -> list[FieldFault | None]:
    """Claims the ids of scans, and returns a fault for each that is another document's.

    The verdict of such a scan could not be told from that one's.
    """
    free = await services.ids.claim_scans(scans)
    return [None if is_free else ID_IN_USE for is_free in free]


SCANS = EventDoor("scan", CHECKPOINT_SCANS, ScanIn, _event_of_row, claim=claim_ids)


@router.post(
    "/scans", response_model=VerdictOut, responses=problems(409) | {202: {"model": ScanAccepted}}
)
async def scan(
    body: ScanIn,
    account: Annotated[Account, requires("checkpoint")],
    services: ServicesDep,
    wait_ms: Annotated[int | None, Query(ge=0, le=30_000)] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """200 with the verdict within `wait_ms`, else 202 and where it will be. The same `scan_id` or
    `Idempotency-Key` makes a retry harmless. 409 where the `scan_id` is of another document's
    scan."""
    submission = SCANS.submission(body, account, services, idempotency_key)
    if not _is_open(body, submission):
        await services.read_reference_to_end()  # another door may just have accepted the checkpoint
    presented = read_presented(body, submission)
    event = scan_event(body, presented, submission)
    if body.scan_id:  # no other id can be another document's
        await _claim_id(services, event)
    wait_s = (services.settings.verdict_wait_ms if wait_ms is None else wait_ms) / 1000
    with services.verdicts.expect(event.event_id, event.document_key) as verdict:
        await SCANS.send(event, services)
        await asyncio.wait([verdict], timeout=wait_s)
        if verdict.done():
            return _verdict_response(verdict.result(), event, presented)
    return _accepted_response(event, presented)


@router.post("/scans/batch", openapi_extra=batch_route(ScanIn))
async def scan_batch(
    request: Request,
    account: Annotated[Account, requires("checkpoint", "clerk")],
    services: ServicesDep,
) -> BatchResult:
    """Scans kept while a checkpoint was offline, as NDJSON or CSV; verdicts follow under each
    scan's id."""
    await services.read_reference_to_end()
    return await SCANS.accept_table(request, account, services)


async def _claim_id(services: Services, event: CheckpointScanned) -> None:
    """Raises `Problem` where the id is of the scan of another document."""
    for fault in await claim_ids(services, [event]):
        if fault is not None:
            raise Problem(HTTPStatus.CONFLICT, "scan-id-used", ID_USED, [fault])


def _is_open(body: ScanIn, submission: Submission) -> bool:
    scanned_at = body.scanned_at or submission.received_at
    latest = submission.services.reference.latest
    return latest.checkpoint(body.checkpoint_id, scanned_at) is not None


def _verdict_response(
    verdict: VerdictReached, event: CheckpointScanned, presented: Presented
) -> Response:
    waited_s = (verdict.decided_at - verdict.received_at).total_seconds()
    metrics.VERDICT_WAIT_SECONDS.observe(max(0.0, waited_s))
    code_alone = event.shown_kind == "token" and event.document_number is None
    answer = verdict_response(verdict, datetime.now(UTC), code_alone=code_alone)
    answer.shown_kind = presented.recognised.shown_kind
    answer.token_expired = presented.recognised.token_expired
    answer.certificate = presented.certificate_out
    return json_response(answer)


def _accepted_response(event: CheckpointScanned, presented: Presented) -> Response:
    accepted = ScanAccepted(
        scan_id=event.event_id,
        verdict=f"/scans/{event.event_id}/verdict",
        shown_kind=presented.recognised.shown_kind,
        token_expired=presented.recognised.token_expired,
        certificate=presented.certificate_out,
    )
    return json_response(accepted, HTTPStatus.ACCEPTED)
