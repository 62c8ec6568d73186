"""Facts of the topic `declared-identities`, which ends in the identity vault."""

from datetime import datetime

import msgspec

from schemas.contract.events.journal import KnownPeriod
from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.contract.terms import DocumentKind, Sex


class IdentityDeclared(msgspec.Struct, frozen=True, gc=False):
    entry_id: EventId
    person_id: PersonId
    document_key: DocumentKey
    revision: int
    withdrawn: bool
    document_kind: DocumentKind
    document_number: str
    occurred_at: datetime
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    phone: str | None = None
    lodging_code: str | None = None
    lodging_detail: str | None = None
    vehicle_plate: str | None = None
    known_from: datetime | None = None
    formerly: list[KnownPeriod] = []
