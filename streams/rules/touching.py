"""Which scans an entry may change the judgement of, where scans are judged by the declarations that count at them."""

from collections.abc import Iterable

from streams.rules.entries import Cancellation, Journey, Judged, Scan
from streams.rules.history import History


def by_journeys(entry: Judged, history: History) -> Iterable[str]:
    """A scan itself; declarations and cancellations the scans after them."""
    if isinstance(entry, Scan):
        return (entry.entry_id,)
    return later_scans(entry, history) if isinstance(entry, Journey | Cancellation) else ()


def later_scans(entry: Judged, history: History) -> list[str]:
    return [scan.entry_id for scan in history.scans.values() if scan.occurred_at >= entry.occurred_at]
