"""Two scans of one person are too far apart, by road, for the time between them.

Either a document or code was somebody else's at one of the checkpoints, or one code was passed
around as a picture. Order 4655, 2a, has every checkpoint check who is before it. There is one
finding per later scan. It is compared with the newest earlier one at a checkpoint with a place on
the roads. Straight lines count nowhere: mountains and rivers lie between the checkpoints.
"""

from datetime import timedelta
from functools import lru_cache
from itertools import islice

from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import km_between
from streams.rules.entries import Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule
from streams.rules.timeline import by_time

MAX_LOOKED_AT = 64
"""So many scans are looked through for one with a place on the roads: nearly every one has it."""


@lru_cache(maxsize=65_536)
def least_time(km: float, policy_kmh: float, slack_minutes: float) -> timedelta:
    """Returns the time that has to lie between two scans, at the policy's speed and slack.

    The time is rounded to the whole millisecond, as scans are dated.
    """
    travel_ms = round(km / policy_kmh * 3_600_000)
    slack_ms = round(slack_minutes * 60_000)
    return timedelta(milliseconds=travel_ms - slack_ms)


def _from_here(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    """Returns the scan and the next one at a checkpoint with a place on the roads.

    That one is compared with this scan, or with the one before it.
    """
    if history.scans.is_last(scan):  # nearly always
        return (scan.entry_id,)
    for later in islice(history.scans.onward(by_time(scan)), MAX_LOOKED_AT):
        if later.entry_id != scan.entry_id and _place(later, reference):
            return (scan.entry_id, later.entry_id)
    return (scan.entry_id,)


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None:
        return None
    here = _place(scan, reference)
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
    for previous in islice(history.scans.backward(by_time(scan)), MAX_LOOKED_AT):
        if previous.entry_id != scan.entry_id and (place := _place(previous, reference)):
            return previous, place
    return None


def _place(scan: Scan, reference: ReferenceAsOf) -> str | None:
    return reference.node_of_checkpoint(scan.checkpoint_id, scan.occurred_at)


IMPOSSIBLE_TRAVEL = Rule(
    "impossible_travel",
    {Scan: _from_here},
    _judge,
    reasons=("too_far_too_soon", "code_shown_elsewhere"),
    reads=frozenset({"policies", "checkpoints"}),
    example=(
        "Scanned on QL1 at the border of Quảng Nam at 08:00, and 105 km on, at Bình Đê, at 08:30."
    ),
)
