"""A journey or scan enters, leaves or moves inside a place that was red at that time.

Order 4655, 2b, wants tight control inside "vùng đỏ" and between "vùng đỏ" and "vùng xanh"; levels
are those of Decision 2686/QĐ-BCĐQG. The policy may control other levels too, and says between which
levels anybody may pass. There is one finding per journey or scan, judged by the levels at its own
time.
"""

from schemas.contract.events import PolicyAdopted
from schemas.contract.terms import Direction, ZoneLevel
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Scan
from streams.rules.history import History, Judgement, Rule
from streams.rules.touching import BY_JOURNEYS, later_scans

REASONS_BY_DIRECTION: dict[Direction, str] = {
    "in": "enters_{}_zone",
    "out": "leaves_{}_zone",
    "through": "moves_in_{}_zone",
}
LEVELS_WITH_REASONS: tuple[ZoneLevel, ...] = ("red", "orange", "yellow")
"""Levels for which `schemas.domain.reasons` has sentences: all but green."""


def _with_later_scans(journey: Journey, history: History) -> tuple[str, ...]:
    """Returns the journey, and the later scans that it may let pass."""
    return (journey.entry_id, *later_scans(journey, history))


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    if not reference.zones_decided:
        return None
    if scan := history.scans.get(entry_id):
        return _judgement(scan, _reasons_of_scan(scan, history, reference))
    if journey := history.journeys.get(entry_id):
        return _judgement(journey, _reasons_of_journey(journey, reference))
    return None


def _judgement(entry: Journey | Scan, reasons: tuple[str, ...]) -> Judgement | None:
    return Judgement(reasons, (entry.entry_id,), entry.occurred_at) if reasons else None


def _reasons_of_journey(journey: Journey, reference: ReferenceAsOf) -> tuple[str, ...]:
    policy = reference.policy(journey.occurred_at)
    leaves, enters = _levels(journey, reference)
    if f"{leaves}>{enters}" in policy.passages_allowed:
        return ()
    if leaves == enters and leaves in policy.controlled_levels:
        if journey.origin_code == journey.destination_code:
            return (f"moves_in_{leaves}_zone",)
        return (f"moves_between_{leaves}_zones",)
    reasons = []
    if _border_is_controlled(leaves, policy):
        reasons.append(f"leaves_{leaves}_zone")
    if _border_is_controlled(enters, policy):
        reasons.append(f"enters_{enters}_zone")
    return tuple(reasons)


def _border_is_controlled(level: ZoneLevel | None, policy: PolicyAdopted) -> bool:
    """Returns whether a journey out of a place of the level, or into one, is a finding.

    For green it never is, even under a policy that controls green: no sentence would say it.
    Journeys within a level, and scans, follow the policy alone. If it controls green, their
    reasons are shown as bare codes.
    """
    return level in policy.controlled_levels and level in LEVELS_WITH_REASONS


def _levels(
    journey: Journey, reference: ReferenceAsOf
) -> tuple[ZoneLevel | None, ZoneLevel | None]:
    """Returns the levels at the origin on departure and at the destination on arrival.

    The departure's time stands for an arrival that was not declared.
    """
    arrival_at = journey.arrival_at or journey.departure_at
    leaves = reference.zone_level(journey.origin_code, journey.departure_at)
    enters = reference.zone_level(journey.destination_code, arrival_at)
    return leaves, enters


def _reasons_of_scan(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    checkpoint = reference.checkpoint(scan.checkpoint_id, scan.occurred_at)
    if checkpoint is None:
        return ()
    policy = reference.policy(scan.occurred_at)
    level = reference.zone_level(checkpoint.unit_code, scan.occurred_at)
    if level is None or level not in policy.controlled_levels:
        return ()
    if _may_pass(scan, level, history, reference, policy):
        return ()
    return (REASONS_BY_DIRECTION[scan.direction].format(level),)


def _may_pass(
    scan: Scan, level: ZoneLevel, history: History, reference: ReferenceAsOf, policy: PolicyAdopted
) -> bool:
    """Returns whether a declaration that counts is for a passage that the policy allows.

    The passage has to go out of or into the level of the checkpoint.
    """
    if not policy.passages_allowed:
        return False
    for journey in history.in_force(scan.occurred_at, policy.declaration_valid_hours):
        leaves, enters = _levels(journey, reference)
        if level in (leaves, enters) and f"{leaves}>{enters}" in policy.passages_allowed:
            return True
    return False


def _all_reasons() -> tuple[str, ...]:
    patterns = (*REASONS_BY_DIRECTION.values(), "moves_between_{}_zones")
    reasons: list[str] = []
    for level in LEVELS_WITH_REASONS:
        reasons += [pattern.format(level) for pattern in patterns]
    return tuple(reasons)


RED_ZONE_CROSSING = Rule(
    "red_zone_crossing",
    {**BY_JOURNEYS, Journey: _with_later_scans},
    _judge,
    reasons=_all_reasons(),
    example=(
        "The commune of the checkpoint is red from 09:30 on; "
        "somebody is scanned there, on the way in, at 10:00."
    ),
)
