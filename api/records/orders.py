"""The door for quarantine and home isolation orders (*quyết định cách ly*).

An order is issued, extended, shortened or lifted. None is ever overwritten.
"""

from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import model_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.accounts.jurisdiction import covers, other_area
from api.doors.batches import BatchResult, batch_route
from api.doors.event_door import EventDoor, Submission
from api.doors.idempotency import IdempotencyKey, report_marker
from api.doors.services import ServicesDep
from api.http.fields import (
    BirthDate,
    EmptyIsNone,
    Instant,
    Name,
    Output,
    PastInstant,
    PlaceCode,
    SexIn,
    Short,
    Until,
    WithDocument,
)
from api.http.problems import FieldFault
from schemas.contract.events import OrderIssued
from schemas.contract.ids import EventId, OrderId, derive_id
from schemas.contract.terms import OrderKind, OrderStatus, Sex
from schemas.contract.topics import ORDERS

router = APIRouter(tags=["orders"])


class OrderIn(WithDocument):
    """An order for a person.

    A later report with the same `order_id` replaces the whole order: another `ends_at` extends or
    shortens it. `status` lifted without `ends_at`: the order never applied; with it: it applied
    until then.
    """

    order_id: Annotated[UUID | None, EmptyIsNone] = None
    full_name: Annotated[Name | None, EmptyIsNone] = None
    birth_date: Annotated[BirthDate | None, EmptyIsNone] = None
    sex: Annotated[Sex, SexIn] = "unknown"
    kind: OrderKind
    status: OrderStatus = "in_force"
    unit_code: PlaceCode
    begins_at: Instant
    ends_at: Annotated[Until | None, EmptyIsNone] = None
    decision: Annotated[Short | None, EmptyIsNone] = None
    issued_at: Annotated[PastInstant | None, EmptyIsNone] = None

    @model_validator(mode="after")
    def fit_together(self) -> Self:
        if self.ends_at is not None and self.ends_at <= self.begins_at:
            raise ValueError("ends_at does not lie after begins_at")
        if self.status == "lifted" and self.order_id is None:
            raise ValueError("say by order_id which order is lifted")
        return self


class OrderAccepted(Output):
    order_id: str
    event_id: str


def order_event(body: OrderIn, submission: Submission) -> OrderIssued:
    """Raises `Problem` where a committee orders for a unit outside its area."""
    _require_own_area(submission.account, body)
    retry_id = submission.retry_id()
    order_id = OrderId(str(body.order_id or retry_id or uuid4()))
    content = body.model_dump_json(exclude={"order_id"})
    marker = report_marker(body.issued_at, retry_id, submission.received_at)
    return OrderIssued(
        **submission.about_holder(body.document),
        **body.model_dump(exclude={"order_id", "document_kind", "document_number", "issued_at"}),
        event_id=EventId(derive_id("order-issued", order_id, content, marker)),
        order_id=order_id,
        issued_at=body.issued_at or submission.received_at,
    )


def _require_own_area(account: Account, body: OrderIn) -> None:
    if covers(account, body.unit_code):
        return
    reason = f"this account may order only for {account.area}"
    raise other_area(account, [FieldFault(field="unit_code", reason=reason)])


ISSUED_ORDERS = EventDoor("order", ORDERS, OrderIn, order_event, uses_row_id_as_is=True)


@router.post("/orders", status_code=HTTPStatus.ACCEPTED)
async def issue_order(
    body: OrderIn,
    account: Annotated[Account, requires("tracer", "committee", "register")],
    services: ServicesDep,
    idempotency_key: IdempotencyKey = None,
) -> OrderAccepted:
    """202 means that the broker has the order.

    A retry with the same `Idempotency-Key` or `issued_at` is the same report. Without either, a
    repeated report counts as the latest.
    """
    event = await ISSUED_ORDERS.accept(body, account, services, idempotency_key)
    return OrderAccepted(order_id=event.order_id, event_id=event.event_id)


@router.post("/orders/batch", openapi_extra=batch_route(OrderIn))
async def issue_orders(
    request: Request,
    account: Annotated[Account, requires("tracer", "committee", "register")],
    services: ServicesDep,
) -> BatchResult:
    """The body is NDJSON or CSV, one order a row; a repeated row is the same report."""
    return await ISSUED_ORDERS.accept_table(request, account, services)
