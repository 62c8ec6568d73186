"""`unknown_document`: a document was used that the register does not know (order 4655, 2b: look-ups in the population database). One
finding per document; it clears when a link arrives."""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import DOCUMENT_USES, DocumentUse
from streams.rules.history import Found, History, Rule

CAUSES_MAX = 8
"""A flag names its first causes: one that grew with every use of the document would be written anew at each."""


def _touched(use: DocumentUse, history: History) -> tuple[str, ...]:
    return () if use.match.known else (use.document_key,)


def _judge(document_key: str, history: History, reference: ReferenceAsOf) -> Found | None:
    uses = [
        entry
        for entry in history.document_uses()
        if entry.document_key == document_key and not entry.match.known
    ]
    if not uses:
        return None
    first = sorted(uses, key=lambda entry: (entry.occurred_at, entry.entry_id))[:CAUSES_MAX]
    causes = tuple(entry.entry_id for entry in first)
    return Found(
        ("document_not_in_register",),
        causes,
        first[0].occurred_at,
    )


UNKNOWN_DOCUMENT = Rule(
    "unknown_document",
    dict.fromkeys(DOCUMENT_USES, _touched),
    _judge,
    reasons=("document_not_in_register",),
    example="A CCCD is shown that no snapshot of the register has.",
)
