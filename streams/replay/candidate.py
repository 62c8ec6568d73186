"""Keeps a person's flags of the candidate world beside those of the original one."""

from collections.abc import Mapping
from functools import partial

import msgspec

from streams.flags import Flags, OpenFlags
from streams.person import encode, load_person, read_piece, store_person, store_pieces
from streams.rules.pieces import Pieces
from streams.rules.rule import OpenFlag
from streams.rules.shelf import Shelf, StoredShelf
from streams.state import State


class CandidateCard(msgspec.Struct, array_like=True, gc=False):
    """The flags about one subject in the candidate world."""

    flags: dict[str, OpenFlag] = {}
    differs: bool = False

    def __bool__(self) -> bool:
        return self.differs


class CandidateFlags:
    """`Flags` of the candidate world: only subjects whose flags differ take any room."""

    def __init__(self, original: Flags, cards: Shelf[CandidateCard]) -> None:
        self._original = original
        self._cards = cards

    def __bool__(self) -> bool:
        return bool(self._original) or bool(self._cards)

    @property
    def has_any_of_its_own(self) -> bool:
        return bool(self._cards)

    def about(self, subject: str) -> Mapping[str, OpenFlag]:
        card = self._cards.get(subject)
        return card.flags if card else self._original.about(subject)

    def put(self, flag: OpenFlag) -> None:
        subject = flag.finding.subject
        self._set(subject, {**self.about(subject), flag.finding.rule: flag})

    def clear(self, flag: OpenFlag) -> None:
        subject = flag.finding.subject
        flags = dict(self.about(subject))
        del flags[flag.finding.rule]
        self._set(subject, flags)

    def _set(self, subject: str, flags: dict[str, OpenFlag]) -> None:
        card = self._cards.edit(subject)
        card.flags = flags
        card.differs = flags != self._original.about(subject)


class PersonInBothWorlds:
    """One person: the history is the same in both worlds, and the flags may differ."""

    def __init__(self, work: State, person_id: str) -> None:
        self._work = work
        self._person_id = person_id
        self._name = f"{person_id}\x00candidate"
        stored = work.get(self._name.encode())
        cards: StoredShelf[CandidateCard] = _decode_shelf(stored) if stored else StoredShelf()
        self._pieces = Pieces(partial(read_piece, work, self._name, _decode_bucket))
        self._cards = Shelf(cards, "cards", self._pieces, CandidateCard)
        self.history = load_person(work, person_id)
        self.original = OpenFlags(self.history)
        self.candidate = CandidateFlags(self.original, self._cards)

    def store(self) -> None:
        store_person(self._work, self._person_id, self.history)
        self._cards.tidy()
        store_pieces(self._work, self._name, self._pieces)
        self._work.put(self._name.encode(), encode(self._cards.stored))


_decode_shelf = msgspec.msgpack.Decoder(StoredShelf[CandidateCard]).decode
_decode_bucket = msgspec.msgpack.Decoder(dict[str, CandidateCard]).decode
