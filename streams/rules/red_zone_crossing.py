"""A journey or scan enters, leaves or moves inside a place of a controlled level, red by default.

Order 4655, 2b, wants tight control inside "vùng đỏ" and between "vùng đỏ" and "vùng xanh"; levels
are those of Decision 2686/QĐ-BCĐQG. The policy may control orange and yellow too, and says between
which levels anybody may pass. Green is never controlled: the order wants control in red places and
at their edge, and a green place needs none of its own. A policy that names green does so in vain.

There is one finding per journey or scan. A journey is judged by the policy of the time of its
declaration, by the level of its origin on departure, and by that of its destination on arrival. A
scan is judged by the policy and the level at the time of the scan.
"""

from schemas.contract.events import PolicyAdopted
from schemas.contract.terms import Direction, ZoneLevel
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import BY_JOURNEYS, scans_declared

ENTERS = "enters_{}_zone"
LEAVES = "leaves_{}_zone"
MOVES_IN = "moves_in_{}_zone"
MOVES_BETWEEN = "moves_between_{}_zones"
REASONS_BY_DIRECTION: dict[Direction, str] = {"in": ENTERS, "out": LEAVES, "through": MOVES_IN}
LEVELS_TO_CONTROL: tuple[ZoneLevel, ...] = ("red", "orange", "yellow")
"""Levels that a policy may control: all but green."""
REASONS_OF_ALL_LEVELS = tuple(
    pattern.format(level)
    for level in LEVELS_TO_CONTROL
    for pattern in (ENTERS, LEAVES, MOVES_IN, MOVES_BETWEEN)
)


def _with_its_scans(
    journey: Journey, history: History, reference: ReferenceAsOf
) -> tuple[str, ...]:
    """Returns the journey, and the scans that it may let pass."""
    return (journey.entry_id, *scans_declared(journey, history, reference))


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
    origin_level, destination_level = _levels(journey, reference)
    if f"{origin_level}>{destination_level}" in policy.passages_allowed:
        return ()
    if origin_level == destination_level and _is_controlled(origin_level, policy):
        stays_in_commune = journey.origin_code == journey.destination_code
        return ((MOVES_IN if stays_in_commune else MOVES_BETWEEN).format(origin_level),)
    reasons = []
    if _is_controlled(origin_level, policy):
        reasons.append(LEAVES.format(origin_level))
    if _is_controlled(destination_level, policy):
        reasons.append(ENTERS.format(destination_level))
    return tuple(reasons)


def _is_controlled(level: ZoneLevel | None, policy: PolicyAdopted) -> bool:
    """Returns whether movement out of, into or inside a place of the level is a finding.

    The door for policies refuses green; policies that named it before do not count there.
    """
    return level in LEVELS_TO_CONTROL and level in policy.controlled_levels


def _levels(
    journey: Journey, reference: ReferenceAsOf
) -> tuple[ZoneLevel | None, ZoneLevel | None]:
    """Returns the levels at the origin on departure and at the destination on arrival.

    The departure's time stands for an arrival that was not declared.
    """
    arrival_at = journey.arrival_at or journey.departure_at
    origin_level = reference.zone_level(journey.origin_code, journey.departure_at)
    destination_level = reference.zone_level(journey.destination_code, arrival_at)
    return origin_level, destination_level


def _reasons_of_scan(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    checkpoint = reference.checkpoint(scan.checkpoint_id, scan.occurred_at)
    if checkpoint is None:
        return ()
    policy = reference.policy(scan.occurred_at)
    level = reference.zone_level(checkpoint.unit_code, scan.occurred_at)
    if level is None or not _is_controlled(level, policy):
        return ()
    if _may_pass(scan, level, history, reference, policy):
        return ()
    return (REASONS_BY_DIRECTION[scan.direction].format(level),)


def _may_pass(
    scan: Scan, level: ZoneLevel, history: History, reference: ReferenceAsOf, policy: PolicyAdopted
) -> bool:
    """Returns whether a declaration that counts is for a passage that the policy allows.

    The passage has to go out of or into the level of the checkpoint. Any commune of that level will
    do, as policies allow passages between levels: a journey may begin or end beyond the checkpoint.
    """
    if not policy.passages_allowed:
        return False
    for journey in history.in_force(scan.occurred_at, policy.declaration_valid_hours):
        origin_level, destination_level = _levels(journey, reference)
        if level not in (origin_level, destination_level):
            continue
        if f"{origin_level}>{destination_level}" in policy.passages_allowed:
            return True
    return False


RED_ZONE_CROSSING = Rule(
    "red_zone_crossing",
    {**BY_JOURNEYS, Journey: _with_its_scans},
    _judge,
    reasons=REASONS_OF_ALL_LEVELS,
    reads=frozenset({"policies", "zones", "checkpoints"}),
    example=(
        "The commune of the checkpoint is red from 09:30 on; "
        "somebody is scanned there, on the way in, at 10:00."
    ),
)
