"""A person who has to stay in quarantine or at home is met at a checkpoint.

Order 4655, 1 and 2b, has citizens from epidemic areas managed: who may not travel does not. There
is one finding per scan. Of several reports on one order the latest holds.
"""

from schemas.contract.terms import OrderKind
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Order, Scan
from streams.rules.history import History, Judgement, Rule, latest_reports
from streams.rules.touching import every_scan, own_subject

REASONS_BY_KIND: dict[OrderKind, str] = {
    "quarantine": "under_quarantine",
    "home_isolation": "under_home_isolation",
}


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not history.orders:
        return None
    reports = latest_reports(history.orders.values(), lambda order: order.order_id)
    broken = [order for order in reports if _is_in_force(order, scan)]
    if not broken:
        return None
    broken.sort(key=lambda order: (order.begins_at, order.entry_id))
    reasons = tuple(dict.fromkeys(REASONS_BY_KIND[order.kind] for order in broken))
    causes = (scan_id, *(order.entry_id for order in broken))
    return Judgement(reasons, causes, scan.occurred_at)


def _is_in_force(order: Order, scan: Scan) -> bool:
    """Returns False for a lifted order, unless it says until when it was in force."""
    if order.ends_at is None:
        return order.in_force and order.begins_at <= scan.occurred_at
    return order.begins_at <= scan.occurred_at < order.ends_at


UNDER_ORDER = Rule(
    "under_order",
    {Scan: own_subject, Order: every_scan},  # another report may move the period either way
    _judge,
    reasons=tuple(REASONS_BY_KIND.values()),
    example="Home isolation lasts until Friday noon; the person is scanned on Friday at 11:59.",
)
