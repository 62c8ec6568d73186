"""`impossible_travel`: two scans of one person at posts that are too far apart, by road, for the time between them: what was shown at one
was somebody else's (order 4655, 2a, has every post check who is before it), or one code went round as a picture. One finding per later
scan, against the newest earlier one at a post with a place on the roads. Straight lines count nowhere: mountains and rivers lie between
the posts."""

from datetime import timedelta
from functools import lru_cache

from schemas.domain.reference import ReferenceAsOf
from schemas.domain.roads import km_between
from streams.rules.entries import Scan
from streams.rules.history import Finding, History, Rule


@lru_cache(maxsize=65_536)
def least_time(km: float, policy_kmh: float, slack_minutes: float) -> timedelta:
    """What has to lie between two scans, at the speed and with the slack of the policy; to the whole millisecond, as scans are dated."""
    return timedelta(
        milliseconds=round(km / policy_kmh * 3_600_000) - round(slack_minutes * 60_000)
    )


def _from_here(scan: Scan, history: History) -> tuple[str, ...]:
    """Later scans are judged by the newest before them; which of those have a place on the roads is not known here."""
    return (
        scan.entry_id,
        *(other.entry_id for other in history.scans.values() if _before(scan, other)),
    )


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Finding | None:
    scan = history.scans.get(scan_id)
    if (
        scan is None
        or (here := reference.node_of_post(scan.checkpoint_id, scan.occurred_at)) is None
    ):
        return None
    newest = _newest_before(scan, history, reference)
    if newest is None:
        return None
    other, there = newest
    policy = reference.policy(scan.occurred_at)
    if scan.occurred_at - other.occurred_at >= least_time(
        km_between(there, here), policy.speed_most_kmh, policy.travel_slack_minutes
    ):
        return None
    same_code = scan.declaration_id is not None and scan.declaration_id == other.declaration_id
    reasons = ("too_far_too_soon", "code_shown_elsewhere") if same_code else ("too_far_too_soon",)
    return Finding(
        "impossible_travel", scan_id, reasons, (scan_id, other.entry_id), scan.occurred_at
    )


def _newest_before(
    scan: Scan, history: History, reference: ReferenceAsOf
) -> tuple[Scan, str] | None:
    """The newest earlier scan at a post with a place on the roads, and that place."""
    until = scan
    while (newest := _newest(until, history)) is not None:
        if there := reference.node_of_post(newest.checkpoint_id, newest.occurred_at):
            return newest, there
        until = newest
    return None


def _newest(until: Scan, history: History) -> Scan | None:
    newest: Scan | None = None
    for other in history.scans.values():
        if _before(other, until) and (newest is None or _before(newest, other)):
            newest = other
    return newest


def _before(one: Scan, other: Scan) -> bool:
    """In time; of scans at one time by id, so that there is one order only."""
    if one.occurred_at == other.occurred_at:
        return one.entry_id < other.entry_id
    return one.occurred_at < other.occurred_at


IMPOSSIBLE_TRAVEL = Rule(
    "impossible_travel",
    {Scan: _from_here},
    _judge,
    reasons=("too_far_too_soon", "code_shown_elsewhere"),
    example="Scanned on QL1 at the border of Quảng Nam at 08:00, and 105 km on, at Bình Đê, at 08:30.",
)
