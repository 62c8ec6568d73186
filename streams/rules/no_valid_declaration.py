"""`no_valid_declaration`: a scan without a declaration made within its validity before it (72 h in 2021; the policy says how long)."""

from schemas.reference import ReferenceAsOf
from streams.rules.history import Finding, History, Journey, Scan


def no_valid_declaration(history: History, reference: ReferenceAsOf) -> list[Finding]:
    """One finding per scan. A paper form keyed later clears it: what counts is when the citizen declared."""
    return [
        finding
        for scan in history.scans.values()
        if (finding := _judge(scan, history.journeys, reference.policy(scan.occurred_at).declaration_valid_hours))
    ]


def _judge(scan: Scan, journeys: dict[str, Journey], valid_hours: int) -> Finding | None:
    if any(journey.valid_at(scan.occurred_at, valid_hours) for journey in journeys.values()):
        return None
    earlier = [journey for journey in journeys.values() if journey.occurred_at <= scan.occurred_at]
    if not earlier:
        return Finding("no_valid_declaration", scan.entry_id, ("not_declared",), (scan.entry_id,), scan.occurred_at)
    newest = max(earlier, key=lambda journey: (journey.occurred_at, journey.entry_id))
    causes = (scan.entry_id, newest.entry_id)
    return Finding("no_valid_declaration", scan.entry_id, ("declaration_expired",), causes, scan.occurred_at)
