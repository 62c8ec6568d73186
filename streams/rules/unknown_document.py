"""A document was used that the register does not know.

Order 4655, 2b, has it looked up in the population database. There is one finding per document; it
clears when a link arrives.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import DOCUMENT_USES, DocumentUse
from streams.rules.history import History, Judgement, Rule, by_time

MAX_CAUSES = 8
"""Number of uses that a flag names: the first ones.

A flag that grew with every use of the document would be written anew at each.
"""


def _touched(use: DocumentUse, history: History) -> tuple[str, ...]:
    return () if use.match.known else (use.document_key,)


def _judge(document_key: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    uses = [
        use
        for use in history.document_uses()
        if use.document_key == document_key and not use.match.known
    ]
    if not uses:
        return None
    first_uses = sorted(uses, key=by_time)[:MAX_CAUSES]
    causes = tuple(use.entry_id for use in first_uses)
    return Judgement(("document_not_in_register",), causes, first_uses[0].occurred_at)


UNKNOWN_DOCUMENT = Rule(
    "unknown_document",
    dict.fromkeys(DOCUMENT_USES, _touched),
    _judge,
    reasons=("document_not_in_register",),
    example="A CCCD is shown that no snapshot of the register has.",
)
