"""A document was used that the register does not know.

Order 4655, 2b, has it looked up in the population database. There is one finding per document; it
clears when a link arrives.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import DOCUMENT_USES, DocumentUse
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule

MAX_CAUSES = 8
"""Number of uses that a flag names: the first ones.

A flag that grew with every use of the document would be written anew at each.
"""


def _touched(use: DocumentUse, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return () if use.match.known else (use.document_key,)


def _judge(document_key: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    uses = history.unknown_uses(document_key)
    if not uses:
        return None
    causes = tuple(entry_id for _, entry_id in uses[:MAX_CAUSES])
    first_at, _ = uses[0]
    return Judgement(("document_not_in_register",), causes, first_at)


UNKNOWN_DOCUMENT = Rule(
    "unknown_document",
    dict.fromkeys(DOCUMENT_USES, _touched),
    _judge,
    reasons=("document_not_in_register",),
    example="A CCCD is shown that no snapshot of the register has.",
)
