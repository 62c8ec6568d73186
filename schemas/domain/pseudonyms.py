"""Makes pseudonyms of people, documents, names and vehicles.

The same input and key always give the same pseudonym.
"""

import hmac
from functools import lru_cache

from schemas.contract.ids import DocumentKey, HouseholdKey, NameKey, PersonId, VehicleKey
from schemas.domain.documents import Document, DocumentKind


class Pseudonyms:
    """Makes keyed pseudonyms: HMAC-SHA-256 cut to 16 bytes, in hexadecimal.

    A guess cannot be tested without the key.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._hash = lru_cache(maxsize=200_000)(self._compute)

    def document(self, document: Document) -> DocumentKey:
        """Returns the pseudonym of a document by its kind and number."""
        return DocumentKey(self._hash(f"document:{document.kind}:{document.number}"))

    def outsider(self, name: str) -> DocumentKey:
        """Returns the key of a person whom only an outside source names, in whatever way.

        The key stands for a person of its own for ever.
        """
        return DocumentKey(self._hash(f"outsider:{name}"))

    def person_of(self, document_key: DocumentKey) -> PersonId:
        """Returns the person that a document stands for by itself.

        A personal identification number (a CCCD) stands for a person of the register. Any other
        document stands for an unlinked person, until a link says whose it is.
        """
        return PersonId(self._hash(f"person:{document_key}"))

    def person(self, person_number: str) -> PersonId:
        """Returns the person of a personal identification number (12 digits)."""
        return self.person_of(self.document(Document(DocumentKind.CCCD, person_number)))

    def vehicle(self, plate: str) -> VehicleKey:
        """Returns the pseudonym of a plate, which must be normalised."""
        return VehicleKey(self._hash(f"vehicle:{plate}"))

    def name(self, folded: str) -> NameKey:
        """Returns a key that says whether two names may be the same, and nothing else of them."""
        return NameKey(self._hash(f"name:{folded}"))

    def household(self, number: str) -> HouseholdKey:
        """Returns the pseudonym of a number of the household register (*hộ khẩu*)."""
        return HouseholdKey(self._hash(f"household:{number}"))

    def _compute(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256")[:16].hex()
