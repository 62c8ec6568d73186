"""Ids that depend on facts alone, and pseudonyms that depend on a key."""

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from schemas.contract.ids import NAMESPACE, derive_id
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms

CARD = Document(DocumentKind.CCCD, "051190000123")


@given(st.lists(st.text(), max_size=4))
def test_derived_id_is_the_standard_librarys_uuid5(facts: list[str]) -> None:
    assert derive_id(*facts) == str(uuid5(NAMESPACE, "\x1f".join(facts)))


def test_pseudonyms_depend_on_the_key_and_on_the_kind() -> None:
    pseudonyms, of_another_key = Pseudonyms("one"), Pseudonyms("other")
    assert pseudonyms.document(CARD) == Pseudonyms("one").document(CARD)
    assert pseudonyms.document(CARD) != of_another_key.document(CARD)
    passport = Document(DocumentKind.PASSPORT, CARD.number)
    assert pseudonyms.document(CARD) != pseudonyms.document(passport)


def test_person_of_a_cccd_is_the_person_of_its_number() -> None:
    pseudonyms = Pseudonyms("one")
    assert pseudonyms.person(CARD.number) == pseudonyms.person_of(pseudonyms.document(CARD))
