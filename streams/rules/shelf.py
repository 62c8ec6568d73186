"""Keeps what is known under ids of one person, such as open flags, in as few pieces as it needs.

A few cards lie with the person. More of them are spread over buckets by a checksum of their ids.
One bucket is split at a time (linear hashing), so that no card more costs much by itself.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar
from zlib import crc32

import msgspec

from streams.rules.pieces import Pieces
from streams.rules.rule import OpenFlag
from streams.rules.timeline import Key

MAX_AT_HAND = 32
CARDS_IN_A_BUCKET = 16


class End(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """The end of a declaration. Of two ends of one instant, a cancellation goes first."""

    occurred_at: datetime
    superseded: bool
    entry_id: str


class Card(msgspec.Struct, array_like=True, gc=False):
    """What is known of an entry, or of a document, beside what it says itself."""

    flags: dict[str, OpenFlag] = {}
    """The open flags about it, by rule."""
    withdrawn: int | None = None
    """The revision of the withdrawal, where a link took the entry from the person."""

    def __bool__(self) -> bool:
        return bool(self.flags) or self.withdrawn is not None


class DeclarationCard(msgspec.Struct, array_like=True, gc=False):
    """What happened to a declaration after it was made."""

    ends: list[End] = []
    """Its ends, the first one first."""
    presented: list[Key] = []
    """Scans that showed its code beside another document, in order."""

    def __bool__(self) -> bool:
        return bool(self.ends or self.presented)


class OlderJourneys(msgspec.Struct, array_like=True, gc=False):
    """The journeys of one declaration that are not at hand."""

    keys: list[Key] = []

    def __bool__(self) -> bool:
        return bool(self.keys)


C = TypeVar("C")


class StoredShelf(msgspec.Struct, Generic[C], array_like=True, gc=False):
    """What is stored with the person."""

    at_hand: dict[str, C] = {}
    buckets: int = 0
    """Number of buckets; 0 while all cards are at hand."""
    cards: int = 0
    """Number of cards in the buckets."""


class Shelf(Generic[C]):
    """The cards of one person; one that is false has nothing on it, and is not stored.

    `make` returns an empty card.
    """

    __slots__ = ("_edited", "_kind", "_make", "_pieces", "stored")

    def __init__(
        self, stored: StoredShelf[C], kind: str, pieces: Pieces, make: Callable[[], C]
    ) -> None:
        self.stored = stored
        self._kind = kind
        self._pieces = pieces
        self._make = make
        self._edited: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self.stored.at_hand or self.stored.buckets)

    def get(self, name: str) -> C | None:
        if not self.stored.buckets:
            return self.stored.at_hand.get(name)
        return self.bucket(self._number(name)).get(name)

    def edit(self, name: str) -> C:
        """Returns the card to be changed; a new one where there was none."""
        if not self.stored.buckets:
            cards = self.stored.at_hand
        else:
            number = self._number(name)
            cards = self.bucket(number)
            self._edit(number)
        card = cards.get(name)
        if card is None:
            card = cards[name] = self._make()
            self._make_room()
        return card

    def bucket(self, number: int) -> dict[str, C]:
        bucket: dict[str, C] = self._pieces.get(self._kind, number)
        return bucket

    def tidy(self) -> None:
        """Drops empty cards, before the shelf is stored."""
        if not self:  # nearly always
            return
        at_hand = self.stored.at_hand
        for name in [name for name, card in at_hand.items() if not card]:
            del at_hand[name]
        for number in self._edited:
            bucket = self.bucket(number)
            empty = [name for name, card in bucket.items() if not card]
            for name in empty:
                del bucket[name]
            self.stored.cards -= len(empty)

    def _number(self, name: str) -> int:
        """Returns the bucket of a name: buckets before the one to split next are split already."""
        checksum = crc32(name.encode())
        round_size = 1 << (self.stored.buckets.bit_length() - 1)
        number = checksum % round_size
        if number < self.stored.buckets - round_size:
            number = checksum % (2 * round_size)
        return number

    def _make_room(self) -> None:
        stored = self.stored
        if stored.buckets:
            stored.cards += 1
            if stored.cards > CARDS_IN_A_BUCKET * stored.buckets:
                self._split()
        elif len(stored.at_hand) > MAX_AT_HAND:
            self._spread()

    def _spread(self) -> None:
        """Moves the cards at hand into a first bucket, which is split soon."""
        first, self.stored.at_hand = self.stored.at_hand, {}
        self._add(0, first)
        self.stored.buckets = 1
        self.stored.cards = len(first)

    def _split(self) -> None:
        """Adds a bucket, and spreads the cards of the one whose turn it is over both."""
        added = self.stored.buckets
        turn = added - (1 << (added.bit_length() - 1))
        cards = self.bucket(turn)
        self.stored.buckets += 1
        moving = [name for name in cards if self._number(name) != turn]
        self._add(added, {name: cards.pop(name) for name in moving})
        self._edit(turn)

    def _edit(self, number: int) -> None:
        self._pieces.change(self._kind, number)
        self._edited.add(number)

    def _add(self, number: int, bucket: dict[str, C]) -> None:
        self._pieces.add(self._kind, number, bucket)
        self._edited.add(number)
