"""Our code of a declaration was shown that had been cancelled or replaced by another.

It is a screenshot of an old one: the code of order 4655, 2a, is looked up, not only read. There is
one finding per scan.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.history import Ended, History
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import BY_JOURNEYS

REASONS_BY_END: dict[Ended, str] = {
    "cancelled": "code_of_cancelled_declaration",
    "superseded": "code_of_superseded_declaration",
}


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or scan.declaration_id is None:
        return None
    ended = history.ended(scan.declaration_id, scan.occurred_at)
    if ended is None:
        return None
    return Judgement((REASONS_BY_END[ended],), (scan_id,), scan.occurred_at)


CODE_NOT_IN_FORCE = Rule(
    "code_not_in_force",
    BY_JOURNEYS,
    _judge,
    reasons=tuple(REASONS_BY_END.values()),
    example=(
        "A traveller corrects the destination, which makes a new declaration, "
        "and shows the code of the first one."
    ),
)
