"""Facts of the topic `declarations`, written by the doors."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DeclarationId, DocumentKey, EventId, VehicleKey
from schemas.contract.terms import Channel, DocumentKind, Sex, TransportMode


class DeclarationSubmitted(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    declaration_id: DeclarationId
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    full_name: str
    birth_date: str
    sex: Sex
    origin_code: str
    destination_code: str
    departure_at: datetime
    transport_mode: TransportMode
    channel: Channel
    declared_at: datetime
    received_at: datetime
    submitted_by: str
    nationality: str = "VN"
    phone: str | None = None
    permanent_code: str | None = None
    permanent_detail: str | None = None
    lodging_code: str | None = None
    lodging_detail: str | None = None
    origin_detail: str | None = None
    destination_detail: str | None = None
    arrival_at: datetime | None = None
    vehicle_plate: str | None = None
    vehicle_key: VehicleKey | None = None
    seat: str | None = None
    purpose: str | None = None
    symptoms: list[str] = []
    exposed: bool | None = None
    site_id: str | None = None
    paper_serial: str | None = None
    paper_key: DocumentKey | None = None
    replaces: DeclarationId | None = None


class DeclarationCancelled(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    declaration_id: DeclarationId
    document_key: DocumentKey
    cancelled_at: datetime
    received_at: datetime
    submitted_by: str
