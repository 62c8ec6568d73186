"""Holds the record `CaseReported`, which is generated from its Avro schema."""

from datetime import datetime

import msgspec

from schemas.contract.ids import CaseId, DocumentKey, EventId
from schemas.contract.terms import CaseStatus, DocumentKindSymbol, Sex


class CaseReported(msgspec.Struct, frozen=True, gc=False):
    """What a health authority says of a case (F0): confirmed, told more exactly, or retracted."""

    event_id: EventId
    """UUID of this event, made by the client or the door; a retry carries the same one."""
    document_key: DocumentKey
    """Pseudonym of the identity document: keyed hash, 32 hexadecimal digits. Key of the topic."""
    document_kind: DocumentKindSymbol
    """What kind of identity document it is."""
    document_number: str
    """The document's number in canonical form."""
    case_id: CaseId
    """UUID of the case; everything reported of it later carries the same one."""
    status: CaseStatus
    """confirmed, or retracted: a false positive, or not this person."""
    reported_at: datetime
    """When the authority said so: of two reports on one case the later holds."""
    received_at: datetime
    """When the door accepted it."""
    submitted_by: str
    """Account that submitted it."""
    full_name: str | None = None
    """Name as reported."""
    birth_date: str | None = None
    """ISO date, or YYYY-MM, or YYYY where only that is known."""
    sex: Sex | None = None
    """Sex as reported."""
    onset_at: datetime | None = None
    """First symptoms; null for a case without any."""
    sampled_at: datetime | None = None
    """When the positive sample was taken."""
    isolated_at: datetime | None = None
    """From when on the person could infect nobody else; null while that is not so."""
