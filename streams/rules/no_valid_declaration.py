"""A scan has no declaration made within its validity before it and not cancelled since.

The validity was 72 h in 2021; the policy says how long it is. There is one finding per scan. A
paper form keyed later clears it: what counts is when the citizen declared. The policy may exempt
vehicles in the green lane whose permit holds.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.green_lane import exempt
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import BY_JOURNEYS


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or exempt(scan, reference):
        return None
    at = scan.occurred_at
    if history.in_force(at, reference.policy(at).declaration_valid_hours):
        return None
    newest = history.journeys.last_until(at)
    if newest is None:
        return Judgement(("not_declared",), (scan_id,), at)
    cancelled = history.ended(newest.declaration_id, at) == "cancelled"
    reason = "declaration_cancelled" if cancelled else "declaration_expired"
    return Judgement((reason,), (scan_id, newest.entry_id), at)


NO_VALID_DECLARATION = Rule(
    "no_valid_declaration",
    BY_JOURNEYS,
    _judge,
    reasons=("not_declared", "declaration_expired", "declaration_cancelled"),
    reads=frozenset({"policies", "permits", "checkpoints"}),
    example=(
        "Declared on Monday at 08:00, scanned on Thursday at 08:01, "
        "where declarations hold 72 hours."
    ),
)
