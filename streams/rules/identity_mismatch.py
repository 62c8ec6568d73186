"""`identity_mismatch`: the register knows the document, and what was declared or printed on the card differs from it (order 4655, 2a:
"đối chiếu, xác nhận thông tin với CMND hoặc CCCD")."""

from schemas.reference import ReferenceAsOf
from streams.rules.history import Finding, History


def identity_mismatch(history: History, reference: ReferenceAsOf) -> list[Finding]:
    """One finding per declaration or scan. A field that is only near does not raise it: diacritics left out, a year for a date."""
    return [
        Finding("identity_mismatch", entry.entry_id, reasons, (entry.entry_id,), entry.occurred_at)
        for entry in (*history.journeys.values(), *history.scans.values())
        if (reasons := entry.match.differing())
    ]
