"""Finds which of several reports on a case or an order holds."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from streams.rules.entries import Case, Order

R = TypeVar("R", Case, Order)


def latest_reports(reports: Iterable[R], subject_of: Callable[[R], str]) -> list[R]:
    """Returns the latest report on each case or order.

    Reports count from when they were made; of two made at once, the one received last holds.
    """
    in_order = sorted(
        reports, key=lambda report: (report.occurred_at, report.received_at, report.entry_id)
    )
    latest = {subject_of(report): report for report in in_order}
    return list(latest.values())
