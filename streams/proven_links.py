"""Links that a door event itself proves, which `identify` writes to `citizen-documents`.

A paper form belongs to the person who filled it in. Two numbers on one card belong to one person.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from schemas.contract.events import (
    CheckpointScanned,
    DeclarationSubmitted,
    DocumentLinked,
    DoorEvent,
)
from schemas.contract.ids import DocumentKey, PersonId
from schemas.contract.terms import DocumentKindSymbol, LinkSource
from schemas.contract.topics import CITIZEN_DOCUMENTS
from streams.document_claims import DocumentClaims
from streams.matching.registered import Registered
from streams.stage import Outgoing


class ProvenDocument(NamedTuple):
    """A second document that the event shows to be of the same person."""

    key: DocumentKey
    kind: DocumentKindSymbol
    number: str
    source: LinkSource


def proven_links(
    event: DoorEvent, claims: DocumentClaims, unlinked_person: PersonId, *, fresh: bool
) -> Iterator[Outgoing]:
    """Yields a link of the event's second document to each owner of its first one.

    `claims` and `unlinked_person` are the first document's. A fresh event is handled for the first
    time: it links to every owner since its reception. A later one links only to the current owner,
    as the links to earlier ones were written before.
    """
    for document in _proven_documents(event):
        owners = list(claims.owners_since(event.received_at, unlinked_person))
        current_owner, _ = owners[-1]
        if not fresh:
            owners = owners[-1:]
        for person_id, known_from in owners:
            registered = claims.registered if person_id == current_owner else None
            yield _link(event, document, person_id, known_from, registered)


def _proven_documents(event: DoorEvent) -> Iterator[ProvenDocument]:
    match event:
        case DeclarationSubmitted(paper_key=str() as key, paper_serial=str() as serial):
            yield ProvenDocument(key, "paper_form", serial, "paper_form")
        case CheckpointScanned(
            linked_key=str() as key, linked_number=str() as number, linked_kind=str() as kind
        ):
            yield ProvenDocument(key, kind, number, "card")


def _link(
    event: DoorEvent,
    document: ProvenDocument,
    person_id: PersonId,
    known_from: datetime,
    registered: Registered | None,
) -> Outgoing:
    linked = DocumentLinked(
        document_key=document.key,
        document_kind=document.kind,
        document_number=document.number,
        person_id=person_id,
        source=document.source,
        registered=registered is not None,
        full_name=registered.full_name if registered else None,
        birth_date=registered.birth_date if registered else None,
        sex=registered.sex if registered else None,
        residence_code=registered.residence_code if registered else None,
        cause_id=event.event_id,
        linked_at=event.received_at,
        permanent_code=registered.permanent_code if registered else None,
        temporary_code=registered.temporary_code if registered else None,
        received_at=known_from,
    )
    return Outgoing(CITIZEN_DOCUMENTS, document.key, linked)
