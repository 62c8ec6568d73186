"""A scan under a valid declaration is at a checkpoint that is not on the declared way.

By way of the checkpoint, the journey would be longer than the policy allows. A policy may not let a
declaration count for the way back: then a scan on the province's border in the other direction is
found too. There is one finding per scan, and none if any declaration valid at it fits.
"""

from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import border_direction, detour_km
from streams.rules.entries import Journey, Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import BY_JOURNEYS


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not history.journeys:
        return None
    here = reference.node_of_checkpoint(scan.checkpoint_id, scan.occurred_at)
    if here is None:
        return None
    at = scan.occurred_at
    policy = reference.policy(at)
    valid_hours = policy.declaration_valid_hours
    # Nearly always a journey fits. Whether one has ended takes longer to find out, and comes last.
    on_way = [
        journey
        for journey in history.made_within(at, valid_hours)
        if _goes_by(journey, here, policy.detour_most_km)
    ]
    for journey in on_way:
        fits = policy.way_back_declared or _same_direction(journey, scan, here)
        if fits and history.ended(journey.declaration_id, at) is None:
            return None
    declared = history.in_force(at, valid_hours)
    if not declared:
        return None
    reason = "other_direction" if declared[-1] in on_way else "off_the_way"
    return Judgement((reason,), (scan_id, declared[-1].entry_id), at)


def _goes_by(journey: Journey, node: str, max_detour_km: float) -> bool:
    """Returns whether the detour by the node is short enough.

    A journey whose ends have no place on the roads may go by anywhere.
    """
    detour = detour_km(journey.origin_code, journey.destination_code, node)
    return detour is None or detour <= max_detour_km


def _same_direction(journey: Journey, scan: Scan, node: str) -> bool:
    """Returns whether the scan's direction fits the way that was declared.

    Every direction fits on journeys inside the province, and for those who go through it.
    """
    declared = border_direction(journey.origin_code, journey.destination_code, node)
    return declared is None or scan.direction in (declared, "through")


OFF_DECLARED_ROUTE = Rule(
    "off_declared_route",
    BY_JOURNEYS,
    _judge,
    reasons=("off_the_way", "other_direction"),
    reads=frozenset({"policies", "checkpoints"}),
    example=(
        "Declared from Quảng Ngãi city to Trà Bồng, scanned on QL1 at Bình Đê in the far south."
    ),
)
