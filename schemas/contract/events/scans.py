"""Facts of the topic `checkpoint-scans`, written by the doors."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DeclarationId, DocumentKey, EventId, VehicleKey
from schemas.contract.terms import (
    CertificateGrade,
    CertificateKind,
    CertificateResult,
    CodeFault,
    Direction,
    DocumentKind,
    Sex,
    ShownKind,
)


class CheckpointScanned(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    document_key: DocumentKey
    shown_kind: ShownKind
    checkpoint_id: str
    direction: Direction
    scanned_at: datetime
    received_at: datetime
    submitted_by: str
    document_kind: DocumentKind | None = None
    document_number: str | None = None
    declaration_id: DeclarationId | None = None
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    linked_kind: DocumentKind | None = None
    linked_number: str | None = None
    linked_key: DocumentKey | None = None
    vehicle_plate: str | None = None
    vehicle_key: VehicleKey | None = None
    device_id: str | None = None
    green_lane: bool = False
    permit_id: str | None = None
    trailer_key: VehicleKey | None = None
    trailer_plate: str | None = None
    certificate_grade: CertificateGrade | None = None
    certificate_kind: CertificateKind | None = None
    certificate_country: str | None = None
    certificate_doses: int | None = None
    certificate_doses_needed: int | None = None
    certificate_result: CertificateResult | None = None
    certificate_dated_at: datetime | None = None
    certificate_name: str | None = None
    certificate_birth_date: str | None = None
    code_key: DocumentKey | None = None
    code_fault: CodeFault | None = None
