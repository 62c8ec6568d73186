"""The pieces of one person's history: read when they are needed, written when they changed."""

from collections.abc import Callable, Iterable
from typing import Any

ReadPiece = Callable[[str, int], Any]
"""Returns what is stored in a piece, by kind and number."""


class Pieces:
    """Keeps what was read of one person while a batch is folded."""

    __slots__ = ("_changed", "_loaded", "_read")

    def __init__(self, read: ReadPiece) -> None:
        self._read = read
        self._loaded: dict[tuple[str, int], Any] | None = None
        """None while nothing was read or added, as with nearly everybody."""
        self._changed: set[tuple[str, int]] = NOTHING

    def get(self, kind: str, number: int) -> Any:
        if self._loaded is None:
            self._loaded = {}
        piece = self._loaded.get((kind, number))
        if piece is None:
            piece = self._loaded[kind, number] = self._read(kind, number)
        return piece

    def add(self, kind: str, number: int, piece: Any) -> None:
        """Adds a piece that is not stored yet."""
        if self._loaded is None:
            self._loaded = {}
        self._loaded[kind, number] = piece
        self.change(kind, number)

    def change(self, kind: str, number: int) -> None:
        """Notes that a piece, which was read before, is to be written."""
        self._changed = self._changed | {(kind, number)}

    def changed(self) -> Iterable[tuple[str, int, Any]]:
        """Returns kind, number and content of every piece to write."""
        if not self._changed or self._loaded is None:
            return ()
        return [(kind, number, self._loaded[kind, number]) for kind, number in self._changed]


NOTHING: set[tuple[str, int]] = set()
"""What is changed while nothing is; nobody adds to it."""
