"""A scan long after the declared arrival is still far from the destination by road.

The arrival is that of the newest valid declaration, and no scan since the departure shows that the
traveller has been at the destination. There is one finding per scan; nothing is found by a clock
alone.
"""

from datetime import datetime

from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import km_from_place
from streams.rules.entries import Cancellation, Journey, Scan, span
from streams.rules.history import History, Judgement, Rule
from streams.rules.touching import later_scans


def _from_here(scan: Scan, history: History) -> tuple[str, ...]:
    """Returns the later scans, as this one may show that the traveller has arrived, and this one.

    This one is named for the case that it is withdrawn: its flag is cleared then.
    """
    return (*later_scans(scan, history), scan.entry_id)


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None:
        return None
    policy = reference.policy(scan.occurred_at)
    latest = scan.occurred_at - span(policy.arrival_late_minutes / 60)
    # Nearly always no journey is overdue: this quick look spares the slower ones below.
    if not any(_overdue(journey, latest) for journey in history.journeys.values()):
        return None
    declared = history.in_force(scan.occurred_at, policy.declaration_valid_hours)
    if not declared or not _overdue(declared[-1], latest):
        return None
    journey = declared[-1]
    if _km_left(scan, journey, reference) is None:
        return None
    if _has_arrived(scan, journey, history, reference, policy.arrival_near_km):
        return None
    return Judgement(("not_arrived",), (scan_id, journey.entry_id), scan.occurred_at)


def _overdue(journey: Journey, latest: datetime) -> bool:
    return journey.arrival_at is not None and journey.arrival_at < latest


def _has_arrived(
    scan: Scan, journey: Journey, history: History, reference: ReferenceAsOf, near_km: float
) -> bool:
    """Returns whether any scan between departure and this scan was near the destination."""
    for other in history.scans.values():
        is_on_journey = journey.departure_at <= other.occurred_at <= scan.occurred_at
        if is_on_journey and _is_near(other, journey, reference, near_km):
            return True
    return False


def _is_near(scan: Scan, journey: Journey, reference: ReferenceAsOf, near_km: float) -> bool:
    km_left = _km_left(scan, journey, reference)
    return km_left is not None and km_left <= near_km


def _km_left(scan: Scan, journey: Journey, reference: ReferenceAsOf) -> float | None:
    """Returns the way by road from the checkpoint to the destination, in km.

    None where either has no place on the roads.
    """
    here = reference.node_of_checkpoint(scan.checkpoint_id, scan.occurred_at)
    return None if here is None else km_from_place(here, journey.destination_code)


DESTINATION_NOT_REACHED = Rule(
    "destination_not_reached",
    {Scan: _from_here, Journey: later_scans, Cancellation: later_scans},
    _judge,
    reasons=("not_arrived",),
    example=(
        "Arrival in Đức Phổ was declared for 10:00; "
        "at 13:00 the traveller is scanned north of Quảng Ngãi city."
    ),
)
