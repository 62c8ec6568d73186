"""A vehicle in the green lane (luồng xanh) has no permit that holds for it, its crew and the road.

Order 4655, 2b, is the source. There is one finding per scan, judged at its minute. Tractor and
trailer typed in the wrong order are one vehicle all the same.
"""

from schemas.contract.events import VehiclePermitted
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule


def _touched(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (scan.entry_id,) if scan.green_lane else ()


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not scan.green_lane:
        return None
    reasons = faults_of(scan, reference)
    return Judgement(reasons, (scan_id,), scan.occurred_at) if reasons else None


def exempt(scan: Scan, reference: ReferenceAsOf) -> bool:
    """Returns whether the policy of the day lets the vehicle pass without a declaration."""
    return (
        scan.green_lane
        and reference.policy(scan.occurred_at).green_lane_exempt
        and not faults_of(scan, reference)
    )


def faults_of(scan: Scan, reference: ReferenceAsOf) -> tuple[str, ...]:
    """Returns the faults of the permit that has fewest; to have no permit is a fault."""
    permits = _permits(scan, reference)
    if not permits:
        return ("no_permit",)
    return min((_faults(permit, scan, reference) for permit in permits), key=len)


def _permits(scan: Scan, reference: ReferenceAsOf) -> list[VehiclePermitted]:
    """Returns the permit whose number was presented, or else all that name one of the plates."""
    if scan.permit_id:
        presented = reference.permit(scan.permit_id)
        return [presented] if presented else []
    by_id: dict[str, VehiclePermitted] = {}
    for plate_key in (scan.vehicle_key, scan.trailer_key):
        if plate_key:
            for permit in reference.permits_of(plate_key):
                by_id[permit.permit_id] = permit
    return [by_id[permit_id] for permit_id in sorted(by_id)]


def _faults(permit: VehiclePermitted, scan: Scan, reference: ReferenceAsOf) -> tuple[str, ...]:
    at = scan.occurred_at
    faults = (
        ("permit_revoked", permit.revoked_at is not None and permit.revoked_at <= at),
        ("permit_not_yet_valid", at < permit.valid_from),
        ("permit_expired", permit.valid_to is not None and permit.valid_to <= at),
        ("permit_of_another_vehicle", not _is_for(permit, scan)),
        ("crew_not_named", bool(permit.crew_keys) and scan.document_key not in permit.crew_keys),
        ("off_permitted_road", _is_off_road(permit, scan, reference)),
    )
    return tuple(reason for reason, holds in faults if holds)


def _is_for(permit: VehiclePermitted, scan: Scan) -> bool:
    """Returns whether every plate that was read is one of the permit's.

    A vehicle whose plate was not read passes: nothing is known of it.
    """
    permitted = {permit.vehicle_key, permit.trailer_key}
    return all(key in permitted for key in (scan.vehicle_key, scan.trailer_key) if key)


def _is_off_road(permit: VehiclePermitted, scan: Scan, reference: ReferenceAsOf) -> bool:
    checkpoint = reference.checkpoint(scan.checkpoint_id, scan.occurred_at)
    if not permit.roads or checkpoint is None or not checkpoint.road:
        return False
    return checkpoint.road not in permit.roads


GREEN_LANE = Rule(
    "green_lane",
    {Scan: _touched},
    _judge,
    reasons=(
        "no_permit",
        "permit_revoked",
        "permit_not_yet_valid",
        "permit_expired",
        "permit_of_another_vehicle",
        "crew_not_named",
        "off_permitted_road",
    ),
    reads=frozenset({"permits", "checkpoints"}),
    example="A permit until 17:00 is shown at 17:00; no decree has extended it.",
)
