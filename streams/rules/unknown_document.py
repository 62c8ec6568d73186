"""`unknown_document`: a document was used that the register does not know (order 4655, 2b: look-ups in the population database)."""

from schemas.reference import ReferenceAsOf
from streams.rules.history import Dose, Finding, History, Journey, Scan


def unknown_document(history: History, reference: ReferenceAsOf) -> list[Finding]:
    """One finding per document, caused by every event that used it; it clears when a link arrives."""
    uses: dict[str, list[Journey | Scan | Dose]] = {}
    for entry in history.entries():
        if not entry.match.known:
            uses.setdefault(entry.document_key, []).append(entry)
    return [_finding(document, entries) for document, entries in uses.items()]


def _finding(document: str, entries: list[Journey | Scan | Dose]) -> Finding:
    ordered = sorted(entries, key=lambda entry: (entry.occurred_at, entry.entry_id))
    causes = tuple(entry.entry_id for entry in ordered)
    return Finding("unknown_document", document, ("document_not_in_register",), causes, ordered[0].occurred_at)
