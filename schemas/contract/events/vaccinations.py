"""Facts of the topic `vaccinations`, written by the doors."""

from datetime import date, datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId
from schemas.contract.terms import DocumentKind, Sex


class DoseAdministered(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    full_name: str
    birth_date: str
    sex: Sex
    dose_number: int
    product: str
    administered_on: date
    received_at: datetime
    submitted_by: str
    lot: str | None = None
    facility: str | None = None
