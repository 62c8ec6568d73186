"""The register knows the document, and the declared or printed identity differs from it.

Order 4655, 2a, has both compared ("đối chiếu, xác nhận thông tin với CMND hoặc CCCD"). There is one
finding per declaration or scan.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule


def _touched(entry: Journey | Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (entry.entry_id,) if entry.match.differing() else ()


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    """Finds nothing in fields that are only near: diacritics left out, a year for a date."""
    entry = history.scans.get(entry_id) or history.journeys.get(entry_id)
    if entry is None:
        return None
    reasons = entry.match.differing()
    return Judgement(reasons, (entry_id,), entry.occurred_at) if reasons else None


IDENTITY_MISMATCH = Rule(
    "identity_mismatch",
    {Journey: _touched, Scan: _touched},
    _judge,
    reasons=(
        "name_different",
        "name_near",
        "birth_date_different",
        "birth_date_near",
        "sex_different",
        "sex_near",
    ),
    example="The register has Nguyễn Thị Hòa under the number; the form says Trần Thị Mai.",
)
