"""Names like a misspelt one, among thousands and quickly: first by the pairs of letters they share, then letter by letter."""

from collections import Counter
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from itertools import islice

LIKE_ENOUGH = 0.7
SHARE_LEAST = 0.4
COMPARED_MOST = 40
LONGEST = 60
"""Letters of a text that are looked at: no place's name is longer."""


class Names:
    def __init__(self, names: Iterable[str]) -> None:
        self._sizes = {name: len(_pairs(name)) for name in names}
        self._by_pair: dict[str, list[str]] = {}
        for name in self._sizes:
            for pair in _pairs(name):
                self._by_pair.setdefault(pair, []).append(name)

    def like(self, name: str, fits: Callable[[str], bool]) -> dict[str, float]:
        """Names that fit and resemble `name`, with how much: 1 is the same."""
        name = name[:LONGEST]
        matcher = SequenceMatcher(None, b=name, autojunk=False)
        found: dict[str, float] = {}
        for other in islice(filter(fits, self._sharing_pairs_with(name)), COMPARED_MOST):
            matcher.set_seq1(other)
            if matcher.quick_ratio() >= LIKE_ENOUGH and (ratio := matcher.ratio()) >= LIKE_ENOUGH:
                found[other] = ratio
        return found

    def _sharing_pairs_with(self, name: str) -> list[str]:
        """Most alike first; those that share too few of their pairs are left out."""
        pairs = _pairs(name)
        shared: Counter[str] = Counter()
        for pair in pairs:
            shared.update(self._by_pair.get(pair, ()))
        fewest = len(pairs) * SHARE_LEAST / (2 - SHARE_LEAST)
        alike = {
            other: 2 * count / (len(pairs) + self._sizes[other])
            for other, count in shared.items()
            if count >= fewest
        }
        return sorted(
            (other for other, share in alike.items() if share >= SHARE_LEAST),
            key=lambda other: (-alike[other], other),
        )


def _pairs(name: str) -> set[str]:
    framed = f" {name} "
    return {framed[place : place + 2] for place in range(len(framed) - 1)}
