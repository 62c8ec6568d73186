"""A person who has to stay in quarantine or at home is met at a checkpoint.

Order 4655 (1 and 2b): citizens from epidemic areas are monitored; a person who may not travel
stays. There is one finding per scan. The latest of several reports on one order holds.
"""

from schemas.contract.terms import OrderKind
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Order, Scan
from streams.rules.history import History
from streams.rules.instants import LAST
from streams.rules.reports import latest_reports
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import own_subject

REASONS_BY_KIND: dict[OrderKind, str] = {
    "quarantine": "under_quarantine",
    "home_isolation": "under_home_isolation",
}


def _in_its_period(order: Order, history: History, reference: ReferenceAsOf) -> list[str]:
    """Returns the scans in the period of any report on the order: a later one may move it."""
    reports = [report for report in history.orders.values() if report.order_id == order.order_id]
    scan_ids: list[str] = []
    for report in (order, *reports):
        scans = history.scans.between(report.begins_at, report.ends_at or LAST)
        scan_ids += [scan.entry_id for scan in scans]
    return scan_ids


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not history.orders:
        return None
    reports = latest_reports(history.orders.values(), lambda order: order.order_id)
    broken = [order for order in reports if _covers(order, scan)]
    if not broken:
        return None
    broken.sort(key=lambda order: (order.begins_at, order.entry_id))
    reasons = tuple(dict.fromkeys(REASONS_BY_KIND[order.kind] for order in broken))
    causes = (scan_id, *(order.entry_id for order in broken))
    return Judgement(reasons, causes, scan.occurred_at)


def _covers(order: Order, scan: Scan) -> bool:
    """Returns whether the order applied at the time of the scan.

    A lifted order (`in_force` is false) counts only if it says until when it applied.
    """
    if order.ends_at is None:
        return order.in_force and order.begins_at <= scan.occurred_at
    return order.begins_at <= scan.occurred_at < order.ends_at


UNDER_ORDER = Rule(
    "under_order",
    {Scan: own_subject, Order: _in_its_period},
    _judge,
    reasons=tuple(REASONS_BY_KIND.values()),
    example="Home isolation lasts until Friday noon; the person is scanned on Friday at 11:59.",
)
