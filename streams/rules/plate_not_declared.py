"""The vehicle at the checkpoint is not the one of the declaration.

Order 4655, 2a, has what was declared checked on the road. There is one finding per scan. A
declaration without a plate says nothing about vehicles.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import BY_JOURNEYS


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not scan.vehicle_key:
        return None
    counting = _counting(scan, history, reference)
    with_plate = [journey for journey in counting if journey.vehicle_key]
    if not with_plate:
        return None
    if any(journey.vehicle_key == scan.vehicle_key for journey in with_plate):
        return None
    causes = (scan_id, *(journey.entry_id for journey in with_plate))
    return Judgement(("plate_not_declared",), causes, scan.occurred_at)


def _counting(scan: Scan, history: History, reference: ReferenceAsOf) -> list[Journey]:
    """Returns the declaration whose code was presented, or else all that are in force."""
    valid_hours = reference.policy(scan.occurred_at).declaration_valid_hours
    in_force = history.in_force(scan.occurred_at, valid_hours)
    presented = [journey for journey in in_force if journey.declaration_id == scan.declaration_id]
    return presented or in_force


PLATE_NOT_DECLARED = Rule(
    "plate_not_declared",
    BY_JOURNEYS,
    _judge,
    reasons=("plate_not_declared",),
    reads=frozenset({"policies"}),
    example="The form says 76C-123.45, the checkpoint reads 76C-543.21.",
)
