"""`red_zone_crossing`: a journey or scan that enters, leaves or moves inside a place that was red at that time (order 4655, 2b: tight
control inside "vùng đỏ" and between "vùng đỏ" and "vùng xanh"; levels by Decision 2686/QĐ-BCĐQG), or of another level that the policy
controls. Between which levels anybody may pass, the policy says. One finding per journey or scan, judged by the levels at its own time."""

from schemas.contract.events import PolicyAdopted
from schemas.contract.terms import Direction, ZoneLevel
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Scan
from streams.rules.history import Found, History, Rule
from streams.rules.touching import BY_JOURNEYS, later_scans

SCANNED: dict[Direction, str] = {
    "in": "enters_{}_zone",
    "out": "leaves_{}_zone",
    "through": "moves_in_{}_zone",
}
CONTROLLABLE: tuple[ZoneLevel, ...] = ("red", "orange", "yellow")


def _with_later_scans(journey: Journey, history: History) -> tuple[str, ...]:
    """It may let scans pass."""
    return (journey.entry_id, *later_scans(journey, history))


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    if not reference.zones_decided:
        return None
    if scan := history.scans.get(entry_id):
        return _finding(scan, _scanned(scan, history, reference))
    if journey := history.journeys.get(entry_id):
        return _finding(journey, _declared(journey, reference))
    return None


def _finding(entry: Journey | Scan, reasons: tuple[str, ...]) -> Found | None:
    return Found(reasons, (entry.entry_id,), entry.occurred_at) if reasons else None


def _declared(journey: Journey, reference: ReferenceAsOf) -> tuple[str, ...]:
    policy = reference.policy(journey.occurred_at)
    leaves, enters = _levels(journey, reference)
    if f"{leaves}>{enters}" in policy.passages_allowed:
        return ()
    if leaves == enters and leaves in policy.controlled_levels:
        return (
            f"moves_in_{leaves}_zone"
            if journey.origin_code == journey.destination_code
            else f"moves_between_{leaves}_zones",
        )
    told = ((leaves, f"leaves_{leaves}_zone"), (enters, f"enters_{enters}_zone"))
    return tuple(
        reason
        for level, reason in told
        if level in policy.controlled_levels and level in CONTROLLABLE
    )


def _levels(
    journey: Journey, reference: ReferenceAsOf
) -> tuple[ZoneLevel | None, ZoneLevel | None]:
    """Departure at the origin, arrival at the destination; the departure's time where no arrival was declared."""
    leaves = reference.zone_level(journey.origin_code, journey.departure_at)
    return leaves, reference.zone_level(
        journey.destination_code, journey.arrival_at or journey.departure_at
    )


def _scanned(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    post, policy = (
        reference.checkpoint(scan.checkpoint_id, scan.occurred_at),
        reference.policy(scan.occurred_at),
    )
    level = post and reference.zone_level(post.unit_code, scan.occurred_at)
    if (
        not level
        or level not in policy.controlled_levels
        or _may_pass(scan, level, history, reference, policy)
    ):
        return ()
    return (SCANNED[scan.direction].format(level),)


def _may_pass(
    scan: Scan, level: ZoneLevel, history: History, reference: ReferenceAsOf, policy: PolicyAdopted
) -> bool:
    """Whether a declaration that counts is for a passage that the policy allows, out of or into the level of the post."""
    if not policy.passages_allowed:
        return False
    passages = (
        _levels(journey, reference)
        for journey in history.in_force(scan.occurred_at, policy.declaration_valid_hours)
    )
    return any(
        level in (leaves, enters) and f"{leaves}>{enters}" in policy.passages_allowed
        for leaves, enters in passages
    )


RED_ZONE_CROSSING = Rule(
    "red_zone_crossing",
    {**BY_JOURNEYS, Journey: _with_later_scans},
    _judge,
    reasons=tuple(
        pattern.format(level)
        for level in CONTROLLABLE
        for pattern in (*SCANNED.values(), "moves_between_{}_zones")
    ),
    example="The commune of the post is red from 09:30 on; somebody is scanned there, on the way in, at 10:00.",
)
