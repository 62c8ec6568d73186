"""`off_declared_route`: a scan under a valid declaration at a post that is not on the way of the declared journey, because by way of the
post it would be longer than the policy allows; or, where the policy does not let a declaration count for the way back, at a post on the
province's border in the other direction. One finding per scan, and none if any declaration valid at it fits."""

from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import border_direction, detour_km
from streams.rules.entries import Journey, Scan
from streams.rules.history import Found, History, Rule
from streams.rules.touching import BY_JOURNEYS


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    scan = history.scans.get(scan_id)
    if (
        scan is None
        or not history.journeys
        or (here := reference.node_of_post(scan.checkpoint_id, scan.occurred_at)) is None
    ):
        return None
    policy, at = reference.policy(scan.occurred_at), scan.occurred_at
    valid = (
        journey
        for journey in history.journeys.values()
        if journey.valid_at(at, policy.declaration_valid_hours)
    )
    on_way = [journey for journey in valid if _goes_by(journey, here, policy.detour_most_km)]
    fitting = (
        journey
        for journey in on_way
        if policy.way_back_declared or _same_direction(journey, scan, here)
    )
    if any(history.ended(journey.declaration_id, at) is None for journey in fitting):
        return None
    declared = history.in_force(at, policy.declaration_valid_hours)
    if not declared:
        return None
    reason = "other_direction" if declared[-1] in on_way else "off_the_way"
    return Found((reason,), (scan_id, declared[-1].entry_id), at)


def _goes_by(journey: Journey, node: str, most_km: float) -> bool:
    """A journey whose ends have no place on the roads may go by anywhere."""
    detour = detour_km(journey.origin_code, journey.destination_code, node)
    return detour is None or detour <= most_km


def _same_direction(journey: Journey, scan: Scan, node: str) -> bool:
    """Inside the province, and for who goes through, every direction fits."""
    declared = border_direction(journey.origin_code, journey.destination_code, node)
    return declared is None or scan.direction in (declared, "through")


OFF_DECLARED_ROUTE = Rule(
    "off_declared_route",
    BY_JOURNEYS,
    _judge,
    reasons=("off_the_way", "other_direction"),
    example="Declared from Quảng Ngãi city to Trà Bồng, scanned on QL1 at Bình Đê in the far south.",
)
