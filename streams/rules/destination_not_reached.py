"""A scan long after the declared arrival is still far from the destination by road.

The arrival is that of the newest valid declaration, and no scan since the departure shows that the
traveller has been at the destination. There is one finding per scan; nothing is found by a clock
alone.
"""

from datetime import datetime
from itertools import islice

from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import km_from_place
from streams.rules.entries import Journey, Scan, span
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule
from streams.rules.timeline import LAST_ID, by_time
from streams.rules.touching import BY_JOURNEYS

MAX_LOOKED_BACK = 64
"""The newest scans since departure, so many of them, are looked at: nobody meets more posts."""


def _from_here(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    """Returns the scans that look back on this one, which may show an arrival, and this one.

    This one is named for the case that it is withdrawn: its flag is cleared then.
    """
    if history.scans.is_last(scan):  # nearly always
        return (scan.entry_id,)
    until = scan.occurred_at + reference.longest_validity()
    later = islice(history.scans.onward(by_time(scan)), MAX_LOOKED_BACK + 1)
    scan_ids = [other.entry_id for other in later if other.occurred_at <= until]
    return (*scan_ids, scan.entry_id)


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None:
        return None
    policy = reference.policy(scan.occurred_at)
    latest = scan.occurred_at - span(policy.arrival_late_minutes / 60)
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
    """Returns whether any scan on the journey was near the destination, this one included.

    Scans count from departure on, and not before the journey was declared.
    """
    begin = max(journey.departure_at, journey.occurred_at)
    until = (scan.occurred_at, LAST_ID)
    for other in islice(history.scans.backward(until), MAX_LOOKED_BACK):
        if other.occurred_at < begin:
            return False
        if _is_near(other, journey, reference, near_km):
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
    {**BY_JOURNEYS, Scan: _from_here},
    _judge,
    reasons=("not_arrived",),
    reads=frozenset({"policies", "checkpoints"}),
    example=(
        "Arrival in Đức Phổ was declared for 10:00; "
        "at 13:00 the traveller is scanned north of Quảng Ngãi city."
    ),
)
