"""The communes of traced people, now and as was known earlier.

The rows are those that the stages make; they are held against the rule in plain Python.
"""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.tracing.residences import communes_of
from schemas.contract.events import DeclarationSubmitted, DocumentLinked, DocumentUnlinked, Event
from schemas.contract.ids import DocumentKey, EventId, PersonId
from schemas.domain.documents import Document, DocumentKind
from tests.api.tracing.minutes import at
from tests.api.tracing.random_worlds import in_all_worlds, in_some_worlds
from tests.api.tracing.worlds import Worlds
from tests.streams.people import PSEUDONYMS, declaration

COMMUNES = ("21025", "21439", "21481")
MINUTE = st.integers(0, 4)


@dataclass(frozen=True)
class Word:
    """The register's word on a document: whose it is, where they reside, since when.

    `person` is None where it is nobody's any more; `known` is when the word was received.
    """

    document: str
    person: str | None
    commune: str | None
    said: int
    known: int


@dataclass(frozen=True)
class Lodging:
    """A declaration's word on where its person lodges.

    A paper form is linked to the person who filled it in.
    """

    document: str
    commune: str
    said: int
    known: int
    on_paper: bool = False


WORDS = st.lists(
    st.builds(
        Word,
        st.sampled_from("ab"),
        st.none() | st.sampled_from("xy"),
        st.none() | st.sampled_from(COMMUNES),
        MINUTE,
        MINUTE,
    ),
    max_size=5,
)
LODGINGS = st.lists(
    st.builds(
        Lodging, st.sampled_from("ab"), st.sampled_from(COMMUNES), MINUTE, MINUTE, st.booleans()
    ),
    max_size=4,
)


class Register:
    """A world of documents a and b and people x and y, under pseudonyms that no other world has."""

    def __init__(self) -> None:
        self._world = uuid4().hex
        self.people = [
            *(self.own(document) for document in "ab"),
            *(self.person(name) for name in "xy"),
        ]

    def person(self, name: str) -> PersonId:
        return PSEUDONYMS.person(name + self._world)

    def own(self, document: str) -> PersonId:
        """Returns whose a document is as long as no source says so."""
        return PSEUDONYMS.person_of(self._key(document))

    def word(self, word: Word) -> DocumentLinked | DocumentUnlinked:
        key, cause = self._key(word.document), EventId(str(uuid4()))
        if word.person is None:
            said: dict[str, Any] = {"unlinked_at": at(word.said), "received_at": at(word.known)}
            return DocumentUnlinked(document_key=key, source="register", cause_id=cause, **said)
        return DocumentLinked(
            document_key=key,
            document_kind="cmnd",
            document_number="1",
            person_id=self.person(word.person),
            source="register",
            registered=True,
            residence_code=word.commune,
            cause_id=cause,
            linked_at=at(word.said),
            received_at=at(word.known),
        )

    def lodging(self, lodging: Lodging) -> DeclarationSubmitted:
        said: dict[str, Any] = {
            "declared_at": at(lodging.said),
            "received_at": at(lodging.known),
            "lodging_code": lodging.commune,
        }
        serial = str(uuid4())
        if lodging.on_paper:
            said |= {
                "paper_serial": serial,
                "paper_key": PSEUDONYMS.document(Document(DocumentKind.PAPER_FORM, serial)),
            }
        return declaration(serial, self._document(lodging.document), **said)

    def _key(self, document: str) -> DocumentKey:
        return PSEUDONYMS.document(self._document(document))

    def _document(self, name: str) -> Document:
        return Document(DocumentKind.PASSPORT, f"{name}{self._world}")


def residences(
    register: Register, words: list[Word], lodgings: list[Lodging], known_at: int
) -> dict[str, set[str]]:
    """Returns the communes that the answer may have for each person.

    A person has more than one where the newest words are of the same minute.
    """
    known = [word for word in words if word.known <= known_at]
    holder = {document: register.own(document) for document in "ab"}
    said: dict[tuple[str, str], Word] = {}
    for word in known:
        holder[word.document] = (
            register.own(word.document) if word.person is None else register.person(word.person)
        )
        if word.person is not None:
            said[register.person(word.person), word.document] = word
    communes: dict[str, set[str]] = {}
    for person in register.people:
        registered = [
            (word.said, word.commune)
            for (whose, _), word in said.items()
            if whose == person and word.commune
        ]
        declared = [
            (lodging.said, lodging.commune)
            for lodging in lodgings
            if lodging.known <= known_at and holder[lodging.document] == person
        ]
        words_on_person = registered or declared
        if words_on_person:
            newest = max(words_on_person)[0]
            communes[person] = {commune for minute, commune in words_on_person if minute == newest}
    return communes


WORLD = given(words=WORDS, lodgings=LODGINGS, order=st.randoms(use_true_random=False))


@example(
    [Word("a", "x", "21025", 0, 2), Word("a", "x", "21439", 1, 4)],
    [Lodging("a", "21481", 0, 1)],
    Random(0),
)
@example(
    [Word("a", "x", None, 0, 2), Word("a", None, None, 1, 3), Word("a", "x", None, 2, 4)],
    [Lodging("a", "21481", 0, 1)],
    Random(1),
)
@example(
    [Word("a", "x", None, 0, 0), Word("a", "x", "21439", 1, 4)],
    [Lodging("a", "21481", 1, 2, on_paper=True)],
    Random(2),
)
def expect_communes_known_then(
    worlds: Worlds, words: list[Word], lodgings: list[Lodging], order: Random
) -> None:
    """Words reach a document in the order in which they became known.

    Declarations come before, between and after them as it happens.
    """
    register, words = Register(), sorted(words, key=lambda word: word.known)
    events: list[Event] = [register.word(word) for word in words]
    for lodging in lodgings:
        events.insert(order.randint(0, len(events)), register.lodging(lodging))
    if events:
        worlds.tell(events)
    for known_at in (0, 1, 2, 3, 4, None):
        expected = residences(register, words, lodgings, 9 if known_at is None else known_at)
        found = worlds.residences(register.people, known_at)
        assert found.keys() == expected.keys(), known_at
        assert all(found[person] in communes for person, communes in expected.items()), (
            known_at,
            found,
            expected,
        )


test_communes_are_what_was_known_then = pytest.mark.live(
    in_some_worlds(60, WORLD(expect_communes_known_then))
)
test_communes_are_what_was_known_then_in_many_worlds = pytest.mark.live(
    in_all_worlds(60, WORLD(expect_communes_known_then))
)


@pytest.mark.live
def test_what_was_known_of_residences_outlasts_the_merging_of_the_tables(worlds: Worlds) -> None:
    register = Register()
    worlds.tell(
        [
            register.lodging(Lodging("a", "21481", 0, 1)),
            register.word(Word("a", "x", "21025", 0, 2)),
            register.word(Word("a", "x", "21439", 1, 4)),
        ]
    )
    worlds.merge_parts()
    a, x = register.own("a"), register.person("x")
    found = [worlds.residences([a, x], known_at) for known_at in (0, 1, 2, 4, None)]
    assert found == [{}, {a: "21481"}, {x: "21025"}, {x: "21439"}, {x: "21439"}]


def test_people_are_counted_by_commune_and_those_of_no_known_one_are_told_too() -> None:
    communes = communes_of(["21439", "21439", "536", ""])
    assert [(commune.unit_code, commune.people) for commune in communes] == [
        ("21439", 2),
        ("", 1),
        ("536", 1),
    ]
    assert communes[0].name and communes[0].district
    assert communes[1].name == ""
