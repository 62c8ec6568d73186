"""`no_valid_declaration`: a scan without a declaration made within its validity before it (72 h in 2021; the policy says how long). One
finding per scan. A paper form keyed later clears it: what counts is when the citizen declared."""

from collections.abc import Iterable
from datetime import UTC, datetime

from schemas.reference import ReferenceAsOf
from streams.rules.history import Dose, Finding, History, Journey, Rule, Scan

NEVER = datetime.max.replace(tzinfo=UTC)


def _touched(entry: Journey | Scan | Dose, history: History) -> Iterable[str]:
    """A scan is judged by the newest declaration before it, so a declaration touches the scans until the next one."""
    match entry:
        case Scan():
            return (entry.entry_id,)
        case Journey():
            later = (other.occurred_at for other in history.journeys.values() if other.occurred_at > entry.occurred_at)
            until = min(later, default=NEVER)
            return [scan.entry_id for scan in history.scans.values() if entry.occurred_at <= scan.occurred_at < until]
    return ()


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Finding | None:
    scan = history.scans.get(scan_id)
    if scan is None:
        return None
    newest = _newest_before(scan, history)
    if newest is None:
        return Finding("no_valid_declaration", scan_id, ("not_declared",), (scan_id,), scan.occurred_at)
    if newest.valid_at(scan.occurred_at, reference.policy(scan.occurred_at).declaration_valid_hours):
        return None
    return Finding("no_valid_declaration", scan_id, ("declaration_expired",), (scan_id, newest.entry_id), scan.occurred_at)


def _newest_before(scan: Scan, history: History) -> Journey | None:
    earlier = [journey for journey in history.journeys.values() if journey.occurred_at <= scan.occurred_at]
    return max(earlier, key=lambda journey: (journey.occurred_at, journey.entry_id), default=None)


NO_VALID_DECLARATION = Rule(
    "no_valid_declaration",
    _touched,
    _judge,
    reasons=("not_declared", "declaration_expired"),
    example="Declared on Monday at 08:00, scanned on Thursday at 08:01, where declarations hold 72 hours.",
)
