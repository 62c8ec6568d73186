"""`plate_not_declared`: the vehicle at the post is not the one of the declaration (order 4655, 2a: what was declared is checked on the
road). One finding per scan. A declaration without a plate says nothing about vehicles."""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Scan
from streams.rules.history import Found, History, Rule
from streams.rules.touching import BY_JOURNEYS


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    scan = history.scans.get(scan_id)
    if scan is None or not scan.vehicle_key:
        return None
    shown = [journey for journey in _counting(scan, history, reference) if journey.vehicle_key]
    if not shown or any(journey.vehicle_key == scan.vehicle_key for journey in shown):
        return None
    causes = (scan_id, *(journey.entry_id for journey in shown))
    return Found(("plate_not_declared",), causes, scan.occurred_at)


def _counting(scan: Scan, history: History, reference: ReferenceAsOf) -> list[Journey]:
    """The declaration whose code was shown; where none was, all that count then."""
    in_force = history.in_force(
        scan.occurred_at, reference.policy(scan.occurred_at).declaration_valid_hours
    )
    return [
        journey for journey in in_force if journey.declaration_id == scan.declaration_id
    ] or in_force


PLATE_NOT_DECLARED = Rule(
    "plate_not_declared",
    BY_JOURNEYS,
    _judge,
    reasons=("plate_not_declared",),
    example="The form says 76C-123.45, the post reads 76C-543.21.",
)
