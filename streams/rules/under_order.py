"""`under_order`: somebody who has to stay in quarantine or at home is met at a post (order 4655, 1 and 2b: citizens from epidemic areas are
managed; who may not travel does not). One finding per scan; of several words on one order the latest holds."""

from schemas.contract.terms import OrderKind
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Order, Scan
from streams.rules.history import Found, History, Rule, latest_reports
from streams.rules.touching import every_scan, itself

REASONS_BY_KIND: dict[OrderKind, str] = {
    "quarantine": "under_quarantine",
    "home_isolation": "under_home_isolation",
}


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    scan = history.scans.get(scan_id)
    if scan is None or not history.orders:
        return None
    broken = [
        order
        for order in latest_reports(history.orders.values(), lambda order: order.order_id)
        if _holds_at(order, scan)
    ]
    if not broken:
        return None
    broken.sort(key=lambda order: (order.begins_at, order.entry_id))
    reasons = tuple(dict.fromkeys(REASONS_BY_KIND[order.kind] for order in broken))
    return Found(
        reasons,
        (scan_id, *(order.entry_id for order in broken)),
        scan.occurred_at,
    )


def _holds_at(order: Order, scan: Scan) -> bool:
    """A lifted order holds no more, unless it says until when it did."""
    if order.ends_at is None:
        return order.in_force and order.begins_at <= scan.occurred_at
    return order.begins_at <= scan.occurred_at < order.ends_at


UNDER_ORDER = Rule(
    "under_order",
    {Scan: itself, Order: every_scan},  # another word on an order may move its period either way
    _judge,
    reasons=tuple(REASONS_BY_KIND.values()),
    example="Home isolation until Friday noon; scanned at a post on Friday at 11:59.",
)
