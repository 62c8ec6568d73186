"""Facts of the topic `orders`, written by the doors."""

from datetime import datetime

import msgspec

from schemas.contract.ids import DocumentKey, EventId, OrderId
from schemas.contract.terms import DocumentKind, OrderKind, OrderStatus, Sex


class OrderIssued(msgspec.Struct, frozen=True, gc=False):
    event_id: EventId
    document_key: DocumentKey
    document_kind: DocumentKind
    document_number: str
    order_id: OrderId
    kind: OrderKind
    status: OrderStatus
    unit_code: str
    begins_at: datetime
    issued_at: datetime
    received_at: datetime
    submitted_by: str
    full_name: str | None = None
    birth_date: str | None = None
    sex: Sex | None = None
    ends_at: datetime | None = None
    decision: str | None = None
