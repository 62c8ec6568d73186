"""`health_test`: a scan without a negative test result where the policy asks for one, or after a positive result. A result counts from when
it was issued, 72 h in 2021 (green lane, *luồng xanh*, 30/7/2021). The sources leave open where a test is asked for, so the policy says it
by levels of zones: of whoever is scanned in such a place, or on a declared way out of or into one, by the levels at the scan's time. One
finding per scan."""

from datetime import UTC, datetime, timedelta

from schemas.contract.events import PolicyAdopted
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import HealthTest, Journey, Scan
from streams.rules.history import Found, History, Rule, newest_until
from streams.rules.touching import BY_JOURNEYS

NEVER = datetime.max.replace(tzinfo=UTC)


def _until_next(test: HealthTest, history: History) -> list[str]:
    """A scan is judged by the newest result before it."""
    following = (
        other.occurred_at
        for other in history.tests.values()
        if other.occurred_at > test.occurred_at
    )
    until = min(following, default=NEVER)
    return [
        scan.entry_id
        for scan in history.scans.values()
        if test.occurred_at <= scan.occurred_at < until
    ]


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    scan = history.scans.get(scan_id)
    if scan is None:
        return None
    at = scan.occurred_at
    policy = reference.policy(at)
    newest = newest_until(history.tests.values(), at, _positive_last)
    if (
        newest is not None
        and newest.positive
        and at <= newest.occurred_at + timedelta(days=policy.test_positive_days)
    ):
        return Found(("test_positive",), (scan_id, newest.entry_id), at)
    if (
        not policy.test_required_levels
        or (asked_by := _asked_by(scan, history, reference, policy)) is None
    ):
        return None
    if newest is None or newest.positive:
        return Found(("test_missing",), (scan_id, *asked_by), at)
    if at > newest.occurred_at + timedelta(hours=policy.test_valid_hours):
        return Found(("test_expired",), (scan_id, newest.entry_id, *asked_by), at)
    return None


def _positive_last(test: HealthTest) -> tuple[datetime, bool, str]:
    """Orders results by time; of two of one instant the positive one counts."""
    return test.occurred_at, test.positive, test.entry_id


def _asked_by(
    scan: Scan, history: History, reference: ReferenceAsOf, policy: PolicyAdopted
) -> tuple[str, ...] | None:
    """The declaration for whose way a test is asked; empty if the post itself asks, None if nothing does."""
    post = reference.checkpoint(scan.checkpoint_id, scan.occurred_at)
    if (
        post is not None
        and reference.zone_level(post.unit_code, scan.occurred_at) in policy.test_required_levels
    ):
        return ()
    journey = _journey_of(scan, history, policy.declaration_valid_hours)
    if journey is None:
        return None
    levels = [
        reference.zone_level(code, scan.occurred_at)
        for code in (journey.origin_code, journey.destination_code)
    ]
    return (
        (journey.entry_id,)
        if any(level in policy.test_required_levels for level in levels)
        else None
    )


def _journey_of(scan: Scan, history: History, valid_hours: int) -> Journey | None:
    """The one whose code was shown, or else the newest."""
    in_force = history.in_force(scan.occurred_at, valid_hours)
    return next(
        (one for one in in_force if one.declaration_id == scan.declaration_id),
        in_force[-1] if in_force else None,
    )


HEALTH_TEST = Rule(
    "health_test",
    {**BY_JOURNEYS, HealthTest: _until_next},
    _judge,
    reasons=("test_missing", "test_expired", "test_positive"),
    example="The way leads into an orange commune, where the policy asks for a test; the result was issued 72 hours and a minute before.",
)
