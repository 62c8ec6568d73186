"""A scan lacks the negative test result that the policy requires there, or follows a positive one.

A result counts from when it was issued, for 72 h in 2021 (green lane, *luồng xanh*, 30/7/2021). The
sources leave open where a test is required, so the policy says it by levels of zones. It requires
one from whoever is scanned in such a place, or is on a declared way out of or into one. The levels
are those at the scan's time. There is one finding per scan.
"""

from datetime import datetime, timedelta

from schemas.contract.events import PolicyAdopted
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import HealthTest, Journey, Scan
from streams.rules.history import History
from streams.rules.instants import LAST
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import BY_JOURNEYS


def _until_next(test: HealthTest, history: History, reference: ReferenceAsOf) -> list[str]:
    """Returns the scans up to the next result: a scan is judged by the newest one before it."""
    following = history.tests.next_after(test.occurred_at)
    until = LAST if following is None else following.occurred_at
    return [scan.entry_id for scan in history.scans.between(test.occurred_at, until)]


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None:
        return None
    at = scan.occurred_at
    policy = reference.policy(at)
    test = _newest_result(history, at)
    if test is not None and _is_positive_still(test, at, policy):
        return Judgement(("test_positive",), (scan_id, test.entry_id), at)
    if not policy.test_required_levels:
        return None
    required_by = _required_by(scan, history, reference, policy)
    if required_by is None:
        return None
    return _lacking(scan, test, required_by, policy)


def _lacking(
    scan: Scan, test: HealthTest | None, required_by: tuple[str, ...], policy: PolicyAdopted
) -> Judgement | None:
    """Returns a judgement where the negative result that is required is missing or too old."""
    at = scan.occurred_at
    if test is None or test.positive:
        return Judgement(("test_missing",), (scan.entry_id, *required_by), at)
    if at > test.occurred_at + timedelta(hours=policy.test_valid_hours):
        return Judgement(("test_expired",), (scan.entry_id, test.entry_id, *required_by), at)
    return None


def _newest_result(history: History, at: datetime) -> HealthTest | None:
    """Returns the newest result until an instant; of several at once a positive one counts."""
    newest = history.tests.last_until(at)
    if newest is None:
        return None
    of_that_time = history.tests.between(newest.occurred_at, newest.occurred_at)
    return max(of_that_time, key=lambda test: (test.positive, test.entry_id))


def _is_positive_still(test: HealthTest, at: datetime, policy: PolicyAdopted) -> bool:
    return test.positive and at <= test.occurred_at + timedelta(days=policy.test_positive_days)


def _required_by(
    scan: Scan, history: History, reference: ReferenceAsOf, policy: PolicyAdopted
) -> tuple[str, ...] | None:
    """Returns the declaration whose way requires a test, or None if nothing requires one.

    The tuple is empty if the checkpoint's own place requires it: no declaration causes it then.
    """
    checkpoint = reference.checkpoint(scan.checkpoint_id, scan.occurred_at)
    if checkpoint is not None and _requires_test(checkpoint.unit_code, scan, reference, policy):
        return ()
    journey = _journey_of(scan, history, policy.declaration_valid_hours)
    if journey is None:
        return None
    for unit_code in (journey.origin_code, journey.destination_code):
        if _requires_test(unit_code, scan, reference, policy):
            return (journey.entry_id,)
    return None


def _requires_test(
    unit_code: str, scan: Scan, reference: ReferenceAsOf, policy: PolicyAdopted
) -> bool:
    return reference.zone_level(unit_code, scan.occurred_at) in policy.test_required_levels


def _journey_of(scan: Scan, history: History, valid_hours: int) -> Journey | None:
    """Returns the journey whose code was shown, or else the newest in force."""
    in_force = history.in_force(scan.occurred_at, valid_hours)
    for journey in in_force:
        if journey.declaration_id == scan.declaration_id:
            return journey
    return in_force[-1] if in_force else None


HEALTH_TEST = Rule(
    "health_test",
    {**BY_JOURNEYS, HealthTest: _until_next},
    _judge,
    reasons=("test_missing", "test_expired", "test_positive"),
    reads=frozenset({"policies", "zones", "checkpoints"}),
    example=(
        "The way leads into an orange commune, where the policy requires a test; "
        "the result was issued 72 hours and a minute before."
    ),
)
