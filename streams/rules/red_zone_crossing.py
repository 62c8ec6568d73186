"""`red_zone_crossing`: a journey or scan that enters, leaves or moves inside a place that was red at that time (order 4655, 2b: tight
control inside "vùng đỏ" and between "vùng đỏ" and "vùng xanh"; levels by Decision 2686/QĐ-BCĐQG)."""

from schemas.reference import ReferenceAsOf
from schemas.terms import Direction
from streams.rules.history import Finding, History, Journey, Scan

SCANNED: dict[Direction, str] = {"in": "enters_red_zone", "out": "leaves_red_zone", "through": "moves_in_red_zone"}


def red_zone_crossing(history: History, reference: ReferenceAsOf) -> list[Finding]:
    """One finding per journey or scan, judged by the levels at its own time: departure at the origin, arrival at the destination
    (departure where no arrival was declared), the scan's instant at its post."""
    found = [
        *((journey, _journey(journey, reference)) for journey in history.journeys.values()),
        *((scan, _scan(scan, reference)) for scan in history.scans.values()),
    ]
    return [
        Finding("red_zone_crossing", entry.entry_id, (reason,), (entry.entry_id,), entry.occurred_at) for entry, reason in found if reason
    ]


def _journey(journey: Journey, reference: ReferenceAsOf) -> str | None:
    leaves = reference.zone_level(journey.origin_code, journey.departure_at) == "red"
    enters = reference.zone_level(journey.destination_code, journey.arrival_at or journey.departure_at) == "red"
    match leaves, enters:
        case True, True:
            return "moves_in_red_zone" if journey.origin_code == journey.destination_code else "moves_between_red_zones"
        case True, False:
            return "leaves_red_zone"
        case False, True:
            return "enters_red_zone"
    return None


def _scan(scan: Scan, reference: ReferenceAsOf) -> str | None:
    post = reference.checkpoint(scan.checkpoint_id, scan.occurred_at)
    if post is None or reference.zone_level(post.unit_code, scan.occurred_at) != "red":
        return None
    return SCANNED[scan.direction]
