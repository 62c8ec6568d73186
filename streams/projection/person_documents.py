"""Links of documents to people, in pseudonyms."""

from typing import Any

from streams.document_claims import STILL_THEIRS
from streams.projection.table import Table, constant, version

NO_PERSON = "0" * 32


def _person_or_none(event: Any, version: int) -> str:
    return event.person_id or NO_PERSON


def _ends_the_link(event: Any, version: int) -> int:
    """Returns 0 where the person has died or moved away: the document stays theirs."""
    return int(event.person_id is None or event.reason not in STILL_THEIRS)


LINKED = Table(
    "person_documents",
    {
        "document_key": "document_key",
        "source": "source",
        "document_kind": "document_kind",
        "person_id": "person_id",
        "registered": "registered",
        "linked_at": "linked_at",
        "version": version,
        "is_deleted": constant(0),
    },
)

UNLINKED = Table(
    "person_documents",
    {
        "document_key": "document_key",
        "source": "source",
        "document_kind": constant(""),
        "person_id": _person_or_none,
        "registered": constant(False),
        "linked_at": "unlinked_at",
        "version": version,
        "is_deleted": _ends_the_link,
    },
)
