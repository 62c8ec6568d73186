"""Summarises the uses of one document that are not at hand with its holder.

Two rules ask for the first uses only: those the register did not know, and those of each name.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable

import msgspec

from streams.rules.entries import DocumentUse
from streams.rules.timeline import Key, by_time

MAX_KEPT = 64
MIN_KEPT = 8
"""A flag names so many: when fewer are left, the rest is looked through for more."""


class OlderUses(msgspec.Struct, array_like=True, gc=False):
    unknown: list[Key] = []
    """The first uses that the register did not know, in order."""
    has_more_unknown: bool = False
    names: dict[str, Key] = {}
    """The names that were used first, each with its first use."""
    has_more_names: bool = False

    def add(self, use: DocumentUse) -> None:
        key = by_time(use)
        if not use.match.known:
            self._add_unknown(key)
        if use.name_key:
            self._add_name(use.name_key, key)

    def remove(self, use: DocumentUse, rest: Callable[[], Iterable[DocumentUse]]) -> None:
        """Takes out a use; `rest` returns the others, for the case that they are needed."""
        key = by_time(use)
        place = bisect_left(self.unknown, key)
        if place < len(self.unknown) and self.unknown[place] == key:
            del self.unknown[place]
            if self.has_more_unknown and len(self.unknown) < MIN_KEPT:
                self._begin_anew(rest())
                return
        if self.names.get(use.name_key) == key:
            self._begin_anew(rest())

    def _add_unknown(self, key: Key) -> None:
        if self.has_more_unknown and key > self.unknown[-1]:
            return
        insort(self.unknown, key)
        if len(self.unknown) > MAX_KEPT:
            self.unknown.pop()
            self.has_more_unknown = True

    def _add_name(self, name_key: str, key: Key) -> None:
        first = self.names.get(name_key)
        if first is not None:
            self.names[name_key] = min(first, key)
            return
        if self.has_more_names and key > max(self.names.values()):
            return
        self.names[name_key] = key
        if len(self.names) > MAX_KEPT:
            last = max(self.names, key=self.names.__getitem__)
            del self.names[last]
            self.has_more_names = True

    def _begin_anew(self, uses: Iterable[DocumentUse]) -> None:
        self.unknown, self.names = [], {}
        self.has_more_unknown = self.has_more_names = False
        for use in uses:
            self.add(use)
