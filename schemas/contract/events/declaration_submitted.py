"""Holds the record `DeclarationSubmitted`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DeclarationId, DocumentKey, EventId, VehicleKey
from schemas.contract.terms import Channel, DocumentKindSymbol, Sex, TransportMode


class DeclarationSubmitted(msgspec.Struct, frozen=True, gc=False):
    """A citizen declared a journey (khai báo di chuyển) before travelling."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    declaration_id: DeclarationId
    """UUID of the declaration; the QR carries it."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_kind: DocumentKindSymbol
    """What kind of identity document it is."""
    document_number: str
    """The document's number in canonical form."""
    full_name: str
    """Name as given: family, middle, given."""
    birth_date: str
    """ISO date, or YYYY-MM, or YYYY where only that is known."""
    sex: Sex
    """Sex as given."""
    origin_code: str
    """Commune code of the start; a district code where there are no communes."""
    destination_code: str
    """Commune code of the destination; a district code where there are no communes."""
    departure_at: datetime
    """Declared departure."""
    transport_mode: TransportMode
    """How they travel."""
    channel: Channel
    """How the declaration came in."""
    declared_at: datetime
    """When the citizen declared; validity counts from here."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that sent it."""
    nationality: str = "VN"
    """ISO 3166 alpha-2 code."""
    phone: str | None = None
    """Phone number as given."""
    permanent_code: str | None = None
    """Unit code of the permanent residence (thường trú)."""
    permanent_detail: str | None = None
    """House number, street, hamlet."""
    lodging_code: str | None = None
    """Unit code of the present lodging (lưu trú, tạm trú)."""
    lodging_detail: str | None = None
    """House number, street, hamlet."""
    origin_detail: str | None = None
    """Detail of the start."""
    destination_detail: str | None = None
    """Detail of the destination."""
    arrival_at: datetime | None = None
    """Declared arrival."""
    vehicle_plate: str | None = None
    """Number plate, normalised."""
    vehicle_key: VehicleKey | None = None
    """Pseudonym of the vehicle's normalised plate."""
    seat: str | None = None
    """Seat or trip number."""
    purpose: str | None = None
    """Reason of the journey, free text."""
    symptoms: list[str] = []
    """Symptoms of the last 14 days, by code."""
    exposed: bool | None = None
    """Contact with a patient or an epidemic area in the last 14 days."""
    site_id: str | None = None
    """The site whose poster was scanned to declare (an office, a factory, a bus station): the
    person was there at declared_at.
    """
    paper_serial: str | None = None
    """Serial of the paper form, if one was filled in."""
    paper_key: DocumentKey | None = None
    """Pseudonym of the paper form's serial, as of a document."""
    replaces: DeclarationId | None = None
    """UUID of the declaration that this one stands for from declared_at on; null for a journey of
    its own.
    """
