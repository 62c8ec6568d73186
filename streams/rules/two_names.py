"""One document was used under two names, however they are written.

Order 4655, 2a, has the declaration checked against CMND or CCCD. There is one finding per document.
Names count as one where family and given name agree without their marks: a middle name is often
left out.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import DOCUMENT_USES, DocumentUse
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule

MAX_CAUSES = 8
"""Number of names whose first use a flag names.

A flag that grew with every further name would be written anew at each.
"""


def _touched(use: DocumentUse, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (use.document_key,) if use.name_key else ()


def _judge(document_key: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    first_uses = history.first_uses(document_key)
    if len(first_uses) < 2:
        return None
    causes = tuple(entry_id for _, entry_id in first_uses[:MAX_CAUSES])
    second_name_at, _ = first_uses[1]
    return Judgement(("used_under_two_names",), causes, second_name_at)


TWO_NAMES = Rule(
    "two_names",
    dict.fromkeys(DOCUMENT_USES, _touched),
    _judge,
    reasons=("used_under_two_names",),
    example=(
        "Nguyễn Thị Hòa declares with a CCCD in the morning, "
        "Trần Thị Mai with the same one in the afternoon."
    ),
)
