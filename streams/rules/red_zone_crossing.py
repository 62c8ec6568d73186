"""`red_zone_crossing`: a journey or scan that enters, leaves or moves inside a place that was red at that time (order 4655, 2b: tight
control inside "vùng đỏ" and between "vùng đỏ" and "vùng xanh"; levels by Decision 2686/QĐ-BCĐQG). One finding per journey or scan, judged
by the levels at its own time."""

from schemas.reference import ReferenceAsOf
from schemas.terms import Direction
from streams.rules.entries import Journey, Judged, Scan
from streams.rules.history import Finding, History, Rule

SCANNED: dict[Direction, str] = {"in": "enters_red_zone", "out": "leaves_red_zone", "through": "moves_in_red_zone"}


def _touched(entry: Judged, history: History) -> tuple[str, ...]:
    return (entry.entry_id,) if isinstance(entry, Journey | Scan) else ()


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Finding | None:
    if scan := history.scans.get(entry_id):
        return _finding(scan, _scanned(scan, reference))
    if journey := history.journeys.get(entry_id):
        return _finding(journey, _declared(journey, reference))
    return None


def _finding(entry: Journey | Scan, reason: str | None) -> Finding | None:
    return Finding("red_zone_crossing", entry.entry_id, (reason,), (entry.entry_id,), entry.occurred_at) if reason else None


def _declared(journey: Journey, reference: ReferenceAsOf) -> str | None:
    """Departure at the origin, arrival at the destination; the departure's time where no arrival was declared."""
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


def _scanned(scan: Scan, reference: ReferenceAsOf) -> str | None:
    post = reference.checkpoint(scan.checkpoint_id, scan.occurred_at)
    if post is None or reference.zone_level(post.unit_code, scan.occurred_at) != "red":
        return None
    return SCANNED[scan.direction]


RED_ZONE_CROSSING = Rule(
    "red_zone_crossing",
    _touched,
    _judge,
    reasons=("enters_red_zone", "leaves_red_zone", "moves_in_red_zone", "moves_between_red_zones"),
    example="The commune of the post is red from 09:30 on; somebody is scanned there, on the way in, at 10:00.",
)
