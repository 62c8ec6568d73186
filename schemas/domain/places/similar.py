"""Finds names like a misspelt one, among thousands and quickly.

Names are compared first by the pairs of letters they share, then letter by letter.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from itertools import islice

LIKE_ENOUGH = 0.7
MIN_SHARE = 0.4
MAX_COMPARED = 40
MAX_LENGTH = 60
"""Number of letters of a text that are looked at: no place's name is longer."""


class Names:
    """Holds names with the pairs of letters in them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._sizes = {name: len(_pairs(name)) for name in names}
        self._by_pair: dict[str, list[str]] = {}
        for name in self._sizes:
            for pair in _pairs(name):
                self._by_pair.setdefault(pair, []).append(name)

    def like(self, name: str, fits: Callable[[str], bool]) -> dict[str, float]:
        """Returns names that fit and resemble `name`, each with its likeness: 1 is the same."""
        name = name[:MAX_LENGTH]
        matcher = SequenceMatcher(None, b=name, autojunk=False)
        likeness: dict[str, float] = {}
        for other in islice(filter(fits, self._sharing_pairs_with(name)), MAX_COMPARED):
            matcher.set_seq1(other)
            if matcher.quick_ratio() < LIKE_ENOUGH:
                continue
            ratio = matcher.ratio()
            if ratio >= LIKE_ENOUGH:
                likeness[other] = ratio
        return likeness

    def _sharing_pairs_with(self, name: str) -> list[str]:
        """Returns names, the most alike first, without those that share too few of their pairs."""
        pairs = _pairs(name)
        shared: Counter[str] = Counter()
        for pair in pairs:
            shared.update(self._by_pair.get(pair, ()))
        fewest = len(pairs) * MIN_SHARE / (2 - MIN_SHARE)
        alike = {
            other: 2 * count / (len(pairs) + self._sizes[other])
            for other, count in shared.items()
            if count >= fewest
        }
        return sorted(
            (other for other, share in alike.items() if share >= MIN_SHARE),
            key=lambda other: (-alike[other], other),
        )


def _pairs(name: str) -> set[str]:
    framed = f" {name} "
    return {framed[place : place + 2] for place in range(len(framed) - 1)}
