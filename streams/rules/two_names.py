"""`two_names`: one document under two names, however they are written (order 4655, 2a: the declaration is checked against CMND or CCCD).
One finding per document. Names count as one where family and given name agree without their marks: a middle name is often left out."""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import DOCUMENT_USES, DocumentUse
from streams.rules.history import Found, History, Rule

CAUSES_MAX = 8
"""The first use of each name; a flag that grew with every further name would be written anew at each."""


def _touched(use: DocumentUse, history: History) -> tuple[str, ...]:
    return (use.document_key,) if use.name_key else ()


def _judge(document_key: str, history: History, reference: ReferenceAsOf) -> Found | None:
    uses = [
        entry
        for entry in history.document_uses()
        if entry.document_key == document_key and entry.name_key
    ]
    if len({entry.name_key for entry in uses}) < 2:
        return None
    first: dict[str, DocumentUse] = {}
    for entry in sorted(uses, key=lambda entry: (entry.occurred_at, entry.entry_id)):
        first.setdefault(entry.name_key, entry)
    causes = list(first.values())
    return Found(
        ("used_under_two_names",),
        tuple(one.entry_id for one in causes[:CAUSES_MAX]),
        causes[1].occurred_at,
    )


TWO_NAMES = Rule(
    "two_names",
    dict.fromkeys(DOCUMENT_USES, _touched),
    _judge,
    reasons=("used_under_two_names",),
    example="Nguyễn Thị Hòa declares with a CCCD in the morning, Trần Thị Mai with the same one in the afternoon.",
)
