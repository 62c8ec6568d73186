"""What was shown as a code of ours is no valid one.

It is forged, changed, cut off, or signed with a key that is unknown or revoked (order 4655, 2a).
There is one finding per scan at which a document was checked beside it. Without a document nobody
knows whose code it is, and the door says so instead.
"""

from schemas.domain.reasons import REASON_OF_FAULT
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule


def _touched(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (scan.entry_id,) if scan.code_fault else ()


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not scan.code_fault:
        return None
    return Judgement((REASON_OF_FAULT[scan.code_fault],), (scan_id,), scan.occurred_at)


CODE_NOT_TRUSTED = Rule(
    "code_not_trusted",
    {Scan: _touched},
    _judge,
    reasons=tuple(REASON_OF_FAULT.values()),
    example=(
        "Somebody has put another declaration into the code with a program, and cannot sign it."
    ),
)
