"""Facts of the topic `citizen-documents`: which document belongs to whom."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import DocumentKind, LinkSource, RemovalReason, Sex


class DocumentLinked(msgspec.Struct, frozen=True, gc=False):
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    person_id: PersonId
    source: LinkSource
    registered: bool
    cause_id: EventId
    linked_at: datetime
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    phone: str | None = None
    residence_code: str | None = None
    residence_detail: str | None = None
    permanent_code: str | None = None
    temporary_code: str | None = None
    received_at: datetime | None = None


class DocumentUnlinked(msgspec.Struct, frozen=True, gc=False):
    document_key: DocumentKey
    source: LinkSource
    cause_id: EventId
    unlinked_at: datetime
    reason: RemovalReason = "unknown"
    received_at: datetime | None = None
    person_id: PersonId | None = None
