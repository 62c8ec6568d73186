"""One document was used under two names, however they are written.

Order 4655, 2a, has the declaration checked against CMND or CCCD. There is one finding per document.
Names count as one where family and given name agree without their marks: a middle name is often
left out.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import DOCUMENT_USES, DocumentUse
from streams.rules.history import History, Judgement, Rule, by_time

MAX_CAUSES = 8
"""Number of names whose first use a flag names.

A flag that grew with every further name would be written anew at each.
"""


def _touched(use: DocumentUse, history: History) -> tuple[str, ...]:
    return (use.document_key,) if use.name_key else ()


def _judge(document_key: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    uses = [
        use for use in history.document_uses() if use.document_key == document_key and use.name_key
    ]
    if len({use.name_key for use in uses}) < 2:
        return None
    first_uses: dict[str, DocumentUse] = {}
    for use in sorted(uses, key=by_time):
        first_uses.setdefault(use.name_key, use)
    by_name = list(first_uses.values())
    causes = tuple(use.entry_id for use in by_name[:MAX_CAUSES])
    return Judgement(("used_under_two_names",), causes, by_name[1].occurred_at)


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
