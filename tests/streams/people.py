"""Events of a few invented people, short to write in a test."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.contract.events import (
    CaseReported,
    CheckpointDescribed,
    CheckpointScanned,
    CitizenRecorded,
    CitizenRemoved,
    DeclarationCancelled,
    DeclarationSubmitted,
    DoseAdministered,
    HeldDocument,
    IdReused,
    OrderIssued,
    PolicyAdopted,
    TestResulted,
    VehiclePermitted,
    ZoneLevelDecided,
)
from schemas.contract.ids import CaseId, DeclarationId, EventId, OrderId, derive_id
from schemas.contract.terms import CertificateGrade, Decision, RemovalReason, TestResult
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.streams.memory_path import PERSON_KEY

NOON = datetime(2021, 9, 15, 5, 0, tzinfo=UTC)
CITY, COAST = "21025", "21439"
PSEUDONYMS = Pseudonyms(PERSON_KEY)
HOA_CCCD = Document(DocumentKind.CCCD, "051190000123")
HOA_CMND = Document(DocumentKind.CMND, "212345678")


def event_id(name: str) -> EventId:
    return EventId(derive_id("test", name))


def citizen(
    number: str = HOA_CCCD.number, *, cmnd: str | None = HOA_CMND.number, **fields: Any
) -> CitizenRecorded:
    values: dict[str, Any] = {
        "event_id": event_id(f"citizen {number} {fields}"),
        "person_number": number,
        "documents": [HeldDocument("cmnd", cmnd)] if cmnd else [],
        "full_name": "Nguyễn Thị Hòa",
        "birth_date": "1990-02-17",
        "sex": "female",
        "snapshot_id": "2021-09-14",
        "recorded_at": NOON - timedelta(days=1),
        "received_at": NOON - timedelta(days=1),
    }
    return CitizenRecorded(**(values | fields))


def declaration_id(name: str) -> DeclarationId:
    return DeclarationId(derive_id("declaration", name))


def cancellation(
    name: str, document: Document = HOA_CCCD, at: datetime = NOON
) -> DeclarationCancelled:
    return DeclarationCancelled(
        event_id=event_id(f"cancellation {name} {at}"),
        declaration_id=declaration_id(name),
        document_key=PSEUDONYMS.document(document),
        cancelled_at=at,
        received_at=at,
        submitted_by="citizen-app",
    )


def reuse(
    cause_id: EventId, document: Document = HOA_CCCD, at: datetime = NOON, **fields: Any
) -> IdReused:
    """Says that another document had the id of this scan or declaration first."""
    values: dict[str, Any] = {
        "event_id": event_id(f"reuse {cause_id} {document}"),
        "document_key": PSEUDONYMS.document(document),
        "id_kind": "scan",
        "reused_id": cause_id,
        "cause_id": cause_id,
        "occurred_at": at,
        "received_at": at,
    }
    return IdReused(**(values | fields))


def removal(number: str, at: datetime, reason: RemovalReason, **fields: Any) -> CitizenRemoved:
    values: dict[str, Any] = {
        "event_id": event_id(f"removal {number} {at} {reason}"),
        "person_number": number,
        "snapshot_id": "2021-09-15",
        "removed_at": at,
        "reason": reason,
        "received_at": at,
    }
    return CitizenRemoved(**(values | fields))


def declaration(
    name: str, document: Document = HOA_CCCD, at: datetime = NOON, **fields: Any
) -> DeclarationSubmitted:
    values: dict[str, Any] = {
        "event_id": event_id(f"declaration {name}"),
        "declaration_id": declaration_id(name),
        "document_key": PSEUDONYMS.document(document),
        "document_kind": document.kind.value,
        "document_number": document.number,
        "full_name": "Nguyễn Thị Hòa",
        "birth_date": "1990-02-17",
        "sex": "female",
        "origin_code": CITY,
        "destination_code": COAST,
        "departure_at": at + timedelta(hours=1),
        "transport_mode": "motorbike",
        "channel": "app",
        "declared_at": at,
        "received_at": at,
        "submitted_by": "citizen-app",
    }
    return DeclarationSubmitted(**(values | fields))


def scan(
    name: str, document: Document = HOA_CCCD, at: datetime = NOON, **fields: Any
) -> CheckpointScanned:
    values: dict[str, Any] = {
        "event_id": event_id(f"scan {name}"),
        "document_key": PSEUDONYMS.document(document),
        "shown_kind": "typed_number",
        "document_kind": document.kind.value,
        "document_number": document.number,
        "checkpoint_id": "binh-de",
        "direction": "in",
        "scanned_at": at,
        "received_at": at,
        "submitted_by": "team-1",
    }
    return CheckpointScanned(**(values | fields))


def certificate(
    grade: CertificateGrade, name: str = "NGUYEN THI HOA", birth_date: str = "1990-02-17"
) -> dict[str, Any]:
    """The fields of a scan beside which it was shown."""
    return {
        "certificate_grade": grade,
        "certificate_kind": "vaccination",
        "certificate_country": "VN",
        "certificate_doses": 2,
        "certificate_name": name,
        "certificate_birth_date": birth_date,
    }


def dose(
    name: str, number: int, on: date, document: Document = HOA_CCCD, **fields: Any
) -> DoseAdministered:
    values: dict[str, Any] = {
        "event_id": event_id(f"dose {name}"),
        "document_key": PSEUDONYMS.document(document),
        "document_kind": document.kind.value,
        "document_number": document.number,
        "full_name": "NGUYEN THI HOA",
        "birth_date": "1990",
        "sex": "female",
        "dose_number": number,
        "product": "AstraZeneca",
        "administered_on": on,
        "received_at": NOON,
        "submitted_by": "vaccination-export",
    }
    return DoseAdministered(**(values | fields))


def case(
    name: str, document: Document = HOA_CCCD, at: datetime = NOON, **fields: Any
) -> CaseReported:
    values: dict[str, Any] = {
        "event_id": event_id(f"case {name}"),
        "document_key": PSEUDONYMS.document(document),
        "document_kind": document.kind.value,
        "document_number": document.number,
        "case_id": CaseId(derive_id("case", name.split(maxsplit=1)[0])),
        "status": "confirmed",
        "sampled_at": at,
        "reported_at": at,
        "received_at": at,
        "submitted_by": "tracing-team",
    }
    return CaseReported(**(values | fields))


def order(
    name: str, document: Document = HOA_CCCD, at: datetime = NOON, **fields: Any
) -> OrderIssued:
    values: dict[str, Any] = {
        "event_id": event_id(f"order {name}"),
        "document_key": PSEUDONYMS.document(document),
        "document_kind": document.kind.value,
        "document_number": document.number,
        "order_id": OrderId(derive_id("order", name.split(maxsplit=1)[0])),
        "kind": "home_isolation",
        "status": "in_force",
        "unit_code": COAST,
        "begins_at": at,
        "issued_at": at,
        "received_at": at,
        "submitted_by": "committee",
    }
    return OrderIssued(**(values | fields))


def health_test(
    name: str, result: TestResult, at: datetime, document: Document = HOA_CCCD, **fields: Any
) -> TestResulted:
    values: dict[str, Any] = {
        "event_id": event_id(f"test {name}"),
        "document_key": PSEUDONYMS.document(document),
        "document_kind": document.kind.value,
        "document_number": document.number,
        "kind": "rapid_antigen",
        "result": result,
        "sampled_at": at - timedelta(hours=1),
        "resulted_at": at,
        "received_at": at,
        "submitted_by": "laboratory",
    }
    return TestResulted(**(values | fields))


def zone(
    unit_code: str, level: Any, valid_from: datetime, valid_to: datetime | None = None
) -> ZoneLevelDecided:
    return ZoneLevelDecided(
        event_id=event_id(f"zone {unit_code} {level} {valid_from}"),
        unit_code=unit_code,
        level=level,
        valid_from=valid_from,
        valid_to=valid_to,
        received_at=valid_from,
        submitted_by="committee",
    )


def policy(decisions: dict[str, Decision], **fields: Any) -> PolicyAdopted:
    values: dict[str, Any] = {
        "event_id": event_id(f"policy {decisions} {fields}"),
        "policy_id": "of-the-tests",
        "decisions": decisions,
        "valid_from": NOON - timedelta(days=100),
        "received_at": NOON - timedelta(days=100),
        "submitted_by": "committee",
    }
    return PolicyAdopted(**(values | fields))


def permit(permit_id: str = "LX-1", **fields: Any) -> VehiclePermitted:
    values: dict[str, Any] = {
        "event_id": event_id(f"permit {permit_id} {fields}"),
        "permit_id": permit_id,
        "vehicle_key": PSEUDONYMS.vehicle("76C12345"),
        "valid_from": NOON,
        "valid_to": NOON + timedelta(days=5),
        "received_at": NOON,
        "submitted_by": "transport-department",
    }
    return VehiclePermitted(**(values | fields))


def checkpoint(
    checkpoint_id: str = "binh-de", unit_code: str = COAST, **fields: Any
) -> CheckpointDescribed:
    return CheckpointDescribed(
        event_id=event_id(f"checkpoint {checkpoint_id}"),
        checkpoint_id=checkpoint_id,
        name="Chốt đèo Bình Đê",
        unit_code=unit_code,
        valid_from=NOON - timedelta(days=100),
        received_at=NOON - timedelta(days=100),
        submitted_by="police",
        **fields,
    )


NORTH, SOUTH = checkpoint("quang-nam-border", "21052"), checkpoint("city-south", "21019")
"""On QL1, with the city between them."""
