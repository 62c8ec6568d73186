"""The digits of a CCCD number contradict what was declared or stands on the card.

They say another sex, birth year or century, or a province that issues none (Circular
07/2016/TT-BCA). There is one finding per declaration, scan, dose or test. It is raised only where
the register does not know the number: what it says of the person outranks the digits, which were
issued with mistakes.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import DOCUMENT_USES, DocumentUse
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule

REASONS_BY_FIELD = {
    "sex": "number_of_other_sex",
    "birth_year": "number_of_other_birth_year",
    "unknown_province": "number_of_no_province",
}


def _touched(use: DocumentUse, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (use.entry_id,) if use.contradictions else ()


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    entry = history.document_use(entry_id)
    if entry is None or entry.match.known or not entry.contradictions:
        return None
    reasons = tuple(REASONS_BY_FIELD[field] for field in entry.contradictions)
    return Judgement(reasons, (entry_id,), entry.occurred_at)


NUMBER_CONTRADICTION = Rule(
    "number_contradiction",
    dict.fromkeys(DOCUMENT_USES, _touched),
    _judge,
    reasons=tuple(REASONS_BY_FIELD.values()),
    example=(
        "The register does not know the number; "
        "its digits are of a man born in 1984, the form is of a woman."
    ),
)
