"""Our code was shown beside a card whose holder has no such declaration.

Two people show one code, or somebody shows another's. Order 4655, 2a, has the checkpoint hold the
code against CMND or CCCD. There is one finding per scan at which a document was checked. It clears
when a link between two of their documents shows that the declaration is the holder's own.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule


def _with_code(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (scan.entry_id,) if scan.code_key else ()


def _scans_of_its_code(journey: Journey, history: History, reference: ReferenceAsOf) -> list[str]:
    card = history.declarations.get(journey.declaration_id)
    if card is None:
        return []
    scans = [history.scans.find(key) for key in card.presented]
    return [scan.entry_id for scan in scans if scan is not None]


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not scan.code_key or scan.code_key == scan.document_key:
        return None
    if next(history.journeys_of(scan.declaration_id or ""), None) is not None:
        return None
    return Judgement(("code_of_another_person",), (scan_id,), scan.occurred_at)


CODE_OF_ANOTHER = Rule(
    "code_of_another",
    {Scan: _with_code, Journey: _scans_of_its_code},
    _judge,
    reasons=("code_of_another_person",),
    example="A driver shows the code that a colleague has sent him, and his own CCCD.",
)
