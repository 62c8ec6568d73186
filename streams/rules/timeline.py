"""Keeps one person's entries of one kind in order of time, in pieces that are read when needed.

The newest entries are at hand with the person. Older ones lie in pieces of their own, so that one
more entry neither reads nor writes them. An entry is found by its time and id, which never change.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Generic, TypeVar

import msgspec

from streams.rules.entries import Entry
from streams.rules.instants import LAST
from streams.rules.pieces import Pieces

MAX_NEWEST = 32
"""More entries than this are not at hand: the older half goes into a piece."""
MAX_PIECE = 256
LAST_ID = "\U0010ffff"
"""It sorts behind every id."""

Key = tuple[datetime, str]
"""Time and id of an entry: there is one order only, of one instant too."""
END: Key = (LAST, LAST_ID)
"""It lies behind every entry."""
by_time = attrgetter("occurred_at", "entry_id")
E = TypeVar("E", bound=Entry)


class PieceMark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Says which piece holds the entries from a key on, up to the next mark."""

    begin: Key
    number: int


class StoredTimeline(msgspec.Struct, Generic[E], array_like=True, gc=False):
    """What is stored with the person."""

    newest: list[E] = []
    older: list[PieceMark] = []
    newest_begin: Key | None = None
    """Where the newest entries begin; None while there are no pieces."""
    next_number: int = 0


class Timeline(Generic[E]):
    """The entries of one kind."""

    __slots__ = ("_by_id", "_kind", "_older", "_pieces", "stored")

    def __init__(self, stored: StoredTimeline[E], kind: str, pieces: Pieces) -> None:
        self.stored = stored
        self._kind = kind
        self._older = stored.older
        self._pieces = pieces
        self._by_id: dict[str, E] | None = None
        """The newest entries, and all others that anybody has asked for."""

    def ends_before(self, at: datetime) -> bool:
        """Returns whether no entry occurred at an instant or after it."""
        newest = self.stored.newest
        return newest[-1].occurred_at < at if newest else not self._older

    def is_last(self, entry: E) -> bool:
        newest = self.stored.newest
        return bool(newest) and newest[-1] is entry

    @property
    def has_pieces(self) -> bool:
        return bool(self._older)

    def __iter__(self) -> Iterator[E]:
        for place in range(len(self._older) + 1):
            yield from self._seen(self._block(place), place)

    def get(self, entry_id: str) -> E | None:
        """Returns an entry that is at hand: one of the newest, or one that was asked for."""
        by_id = self._by_id
        if by_id is None:
            by_id = self._at_hand()
        return by_id.get(entry_id)

    def find(self, key: Key) -> E | None:
        if not self._older and self.ends_before(key[0]):  # nearly always
            return None
        place = self._place(key)
        block = self._block(place)
        index = bisect_left(block, key, key=by_time)
        if index < len(block) and by_time(block[index]) == key:
            self._seen((block[index],), place)
            return block[index]
        return None

    def pieces(self) -> Iterator[E]:
        """Yields the entries that are not at hand with the person."""
        for place in range(len(self._older)):
            yield from self._block(place)

    def put(self, entry: E) -> list[E]:
        """Puts a new entry in its place; returns the entries that are no longer at hand."""
        place = self._place(by_time(entry)) if self._older else 0
        block = self._block(place) if self._older else self.stored.newest
        if block and block[-1].occurred_at >= entry.occurred_at:
            insort(block, entry, key=by_time)
        else:  # nearly always
            block.append(entry)
        if self._by_id is not None or self._older:
            self._at_hand()[entry.entry_id] = entry
        if place == len(self._older):
            return self._retire() if len(block) > MAX_NEWEST else []
        self._change(place)
        if len(block) > MAX_PIECE:
            self._split(place)
        return [entry]

    def remove(self, entry: E) -> bool:
        """Takes an entry out; returns whether it was in a piece."""
        key = by_time(entry)
        place = self._place(key)
        block = self._block(place)
        del block[bisect_left(block, key, key=by_time)]
        self._at_hand().pop(entry.entry_id, None)
        if place == len(self._older):
            return False
        self._change(place)
        return True

    def between(self, begin: datetime, end: datetime) -> list[E]:
        """Returns the entries of a period in order, those of both ends included."""
        if not self._older:  # nearly always
            return _between(self.stored.newest, begin, end)
        entries: list[E] = []
        for place in range(self._place((begin, "")), self._place((end, LAST_ID)) + 1):
            entries += self._seen(_between(self._block(place), begin, end), place)
        return entries

    def onward(self, begin: Key) -> Iterator[E]:
        """Returns the entries from a key on, in order."""
        if not self._older:  # nearly always
            newest = self.stored.newest
            return iter(newest[bisect_left(newest, begin, key=by_time) :])
        return self._onward_in_pieces(begin)

    def backward(self, end: Key) -> Iterator[E]:
        """Returns the entries up to a key, the latest first."""
        if not self._older:  # nearly always
            newest = self.stored.newest
            return reversed(newest[: bisect_right(newest, end, key=by_time)])
        return self._backward_in_pieces(end)

    def _onward_in_pieces(self, begin: Key) -> Iterator[E]:
        first = self._place(begin)
        for place in range(first, len(self._older) + 1):
            block = self._block(place)
            start = bisect_left(block, begin, key=by_time) if place == first else 0
            for index in range(start, len(block)):
                yield self._see(block[index], place)

    def _backward_in_pieces(self, end: Key) -> Iterator[E]:
        last = self._place(end)
        for place in range(last, -1, -1):
            block = self._block(place)
            stop = bisect_right(block, end, key=by_time) if place == last else len(block)
            for index in range(stop - 1, -1, -1):
                yield self._see(block[index], place)

    def last_until(self, at: datetime) -> E | None:
        """Returns the latest entry that did not occur after an instant."""
        return next(self.backward((at, LAST_ID)), None)

    def next_after(self, at: datetime, count: int = 1) -> E | None:
        """Returns the entry with which there are `count` after an instant; None if there are fewer.

        The count is small: each of them is looked at.
        """
        return next(islice(self.onward((at, LAST_ID)), count - 1, None), None)

    def _at_hand(self) -> dict[str, E]:
        if self._by_id is None:
            self._by_id = {entry.entry_id: entry for entry in self.stored.newest}
        return self._by_id

    def _seen(self, entries: Sequence[E], place: int) -> Sequence[E]:
        """Puts entries of a piece at hand, and returns them: they may be subjects of a rule."""
        if place < len(self._older):
            self._at_hand().update((entry.entry_id, entry) for entry in entries)
        return entries

    def _see(self, entry: E, place: int) -> E:
        if place < len(self._older):
            self._at_hand()[entry.entry_id] = entry
        return entry

    def _place(self, key: Key) -> int:
        """Returns the place of the piece for a key; that of the newest entries is the last."""
        newest_begin = self.stored.newest_begin
        if newest_begin is None or key >= newest_begin:
            return len(self._older)
        return max(bisect_right(self._older, key, key=_begin) - 1, 0)

    def _block(self, place: int) -> list[E]:
        if place == len(self._older):
            return self.stored.newest
        block: list[E] = self._pieces.get(self._kind, self._older[place].number)
        return block

    def _change(self, place: int) -> None:
        self._pieces.change(self._kind, self._older[place].number)

    def _retire(self) -> list[E]:
        """Moves the older half of the newest entries to the last piece, or to a new one."""
        newest = self.stored.newest
        count = MAX_NEWEST // 2
        self._at_hand()  # what is moved was changed now, or before in this batch: it stays at hand
        retired, self.stored.newest = newest[:count], newest[count:]
        last = len(self._older) - 1
        if last >= 0 and len(self._block(last)) + count <= MAX_PIECE:
            self._block(last).extend(retired)
            self._change(last)
        else:
            self._add_piece(len(self._older), list(retired))
        self.stored.newest_begin = by_time(self.stored.newest[0])
        return retired

    def _split(self, place: int) -> None:
        block = self._block(place)
        later = block[len(block) // 2 :]
        del block[len(block) // 2 :]
        self._add_piece(place + 1, later)

    def _add_piece(self, place: int, entries: list[E]) -> None:
        number = self.stored.next_number
        self.stored.next_number += 1
        self._older.insert(place, PieceMark(by_time(entries[0]), number))
        self._pieces.add(self._kind, number, entries)


def _between(block: list[E], begin: datetime, end: datetime) -> list[E]:
    first = bisect_left(block, (begin, ""), key=by_time)
    return block[first : bisect_right(block, (end, LAST_ID), key=by_time)]


_begin = attrgetter("begin")
