"""Two scans of one person are too far apart, by road, for the time between them.

Either a document or code was somebody else's at one of the checkpoints, or one code was passed
around as a picture. Order 4655, 2a, has every checkpoint check who is before it. There is one
finding per later scan. It is compared with the newest earlier one at a checkpoint with a place on
the roads. Straight lines count nowhere: mountains and rivers lie between the checkpoints.
"""

from datetime import timedelta
from functools import lru_cache

from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import km_between
from streams.rules.entries import Scan
from streams.rules.history import History, Judgement, Rule


@lru_cache(maxsize=65_536)
def least_time(km: float, policy_kmh: float, slack_minutes: float) -> timedelta:
    """Returns the time that has to lie between two scans, at the policy's speed and slack.

    The time is rounded to the whole millisecond, as scans are dated.
    """
    travel_ms = round(km / policy_kmh * 3_600_000)
    slack_ms = round(slack_minutes * 60_000)
    return timedelta(milliseconds=travel_ms - slack_ms)


def _from_here(scan: Scan, history: History) -> tuple[str, ...]:
    """Returns the scan and all later ones.

    A later scan is compared with the newest before it that has a place on the roads. Which one that
    is, needs reference data: so every later one is judged again.
    """
    later = [other.entry_id for other in history.scans.values() if _is_before(scan, other)]
    return (scan.entry_id, *later)


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None:
        return None
    here = reference.node_of_checkpoint(scan.checkpoint_id, scan.occurred_at)
    if here is None:
        return None
    previous = _previous_on_roads(scan, history, reference)
    if previous is None:
        return None
    other, place = previous
    policy = reference.policy(scan.occurred_at)
    needed = least_time(km_between(place, here), policy.speed_most_kmh, policy.travel_slack_minutes)
    if scan.occurred_at - other.occurred_at >= needed:
        return None
    same_code = scan.declaration_id is not None and scan.declaration_id == other.declaration_id
    reasons = ("too_far_too_soon", "code_shown_elsewhere") if same_code else ("too_far_too_soon",)
    return Judgement(reasons, (scan_id, other.entry_id), scan.occurred_at)


def _previous_on_roads(
    scan: Scan, history: History, reference: ReferenceAsOf
) -> tuple[Scan, str] | None:
    """Returns the newest earlier scan at a checkpoint with a place on the roads, and that place."""
    until = scan
    while (previous := _previous(until, history)) is not None:
        place = reference.node_of_checkpoint(previous.checkpoint_id, previous.occurred_at)
        if place:
            return previous, place
        until = previous
    return None


def _previous(scan: Scan, history: History) -> Scan | None:
    """Returns the scan directly before; a loop without a list, as it runs for every scan."""
    previous: Scan | None = None
    for other in history.scans.values():
        if _is_before(other, scan) and (previous is None or _is_before(previous, other)):
            previous = other
    return previous


def _is_before(scan: Scan, other: Scan) -> bool:
    """Compares times, and ids of scans at one time, so that there is one order only."""
    if scan.occurred_at == other.occurred_at:
        return scan.entry_id < other.entry_id
    return scan.occurred_at < other.occurred_at


IMPOSSIBLE_TRAVEL = Rule(
    "impossible_travel",
    {Scan: _from_here},
    _judge,
    reasons=("too_far_too_soon", "code_shown_elsewhere"),
    example=(
        "Scanned on QL1 at the border of Quảng Nam at 08:00, and 105 km on, at Bình Đê, at 08:30."
    ),
)
