"""Facts of the topic `declared-identities`, which ends in the identity vault."""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import DocumentKey, EventId, PersonId
from schemas.terms import DocumentKind, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDeclared:
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    document_kind: DocumentKind
    document_number: str
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    phone: str | None = None
    lodging_code: str | None = None
    lodging_detail: str | None = None
    vehicle_plate: str | None = None
    occurred_at: datetime
