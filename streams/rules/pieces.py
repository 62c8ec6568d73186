"""The pieces of one person's history: read when they are needed, written when they changed."""

from collections.abc import Callable, Iterator
from typing import Any

ReadPiece = Callable[[str, int], Any]
"""Returns what is stored in a piece, by kind and number."""


class Pieces:
    """Keeps what was read of one person while a batch is folded."""

    __slots__ = ("_changed", "_loaded", "_read")

    def __init__(self, read: ReadPiece) -> None:
        self._read = read
        self._loaded: dict[tuple[str, int], Any] = {}
        self._changed: set[tuple[str, int]] = set()

    def get(self, kind: str, number: int) -> Any:
        piece = self._loaded.get((kind, number))
        if piece is None:
            piece = self._loaded[kind, number] = self._read(kind, number)
        return piece

    def add(self, kind: str, number: int, piece: Any) -> None:
        """Adds a piece that is not stored yet."""
        self._loaded[kind, number] = piece
        self._changed.add((kind, number))

    def change(self, kind: str, number: int) -> None:
        """Notes that a piece, which was read before, is to be written."""
        self._changed.add((kind, number))

    def changed(self) -> Iterator[tuple[str, int, Any]]:
        """Yields kind, number and content of every piece to write."""
        for kind, number in self._changed:
            yield kind, number, self._loaded[kind, number]
