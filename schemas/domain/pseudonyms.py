"""Pseudonyms of people, documents, names and vehicles: the same input and key always give the same pseudonym."""

import hmac
from functools import lru_cache

from schemas.contract.ids import DocumentKey, HouseholdKey, NameKey, PersonId, VehicleKey
from schemas.domain.documents import Document, DocumentKind


class Pseudonyms:
    """Keyed pseudonyms: HMAC-SHA-256 cut to 16 bytes, in hexadecimal. Without the key nobody can test a guess."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._hash = lru_cache(maxsize=200_000)(self._compute)

    def document(self, document: Document) -> DocumentKey:
        return DocumentKey(self._hash(f"document:{document.kind}:{document.number}"))

    def outsider(self, name: str) -> DocumentKey:
        """Somebody whom only an outside source names, in whatever way: a person of its own for ever."""
        return DocumentKey(self._hash(f"outsider:{name}"))

    def person_of(self, document_key: DocumentKey) -> PersonId:
        """The person a document stands for by itself: the one of the register for a personal identification number
        (a CCCD), one of its own for any other document until a link says better."""
        return PersonId(self._hash(f"person:{document_key}"))

    def person(self, person_number: str) -> PersonId:
        """The person of a register's personal identification number (12 digits)."""
        return self.person_of(self.document(Document(DocumentKind.CCCD, person_number)))

    def vehicle(self, plate: str) -> VehicleKey:
        """`plate` must be normalised."""
        return VehicleKey(self._hash(f"vehicle:{plate}"))

    def name(self, folded: str) -> NameKey:
        """Tells whether two names may be the same, and nothing else of them."""
        return NameKey(self._hash(f"name:{folded}"))

    def household(self, number: str) -> HouseholdKey:
        """Of the household register (hộ khẩu)."""
        return HouseholdKey(self._hash(f"household:{number}"))

    def _compute(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256")[:16].hex()
