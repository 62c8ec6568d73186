"""Reads CBOR (RFC 8949) from strangers: plain values only, within bounds.

Nothing printed on paper may cost more than its own length. `cbor2` builds whatever the bytes ask
for, numbers of gigabytes included; an envelope has to be opened before its signature is checked.
"""

import math
import struct
from typing import Any

MAX_DEPTH = 16
INDEFINITE, BREAK = 31, 0xFF
UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG = range(7)
SIMPLE = {20: False, 21: True, 22: None, 23: None}
FLOATS = {25: ">e", 26: ">f", 27: ">d"}


class CborFault(ValueError):
    """The bytes are no CBOR of the kind that certificates carry."""


def read_cbor(data: bytes) -> Any:
    """Returns the one value that the bytes hold. Raises `CborFault`.

    The value is an integer, byte string, text, list, map, boolean, null or float. A tag is
    read as the value that it stands before.
    """
    reader = _Reader(data)
    try:
        value = reader.item(0)
    except (IndexError, struct.error, UnicodeDecodeError, TypeError):
        raise CborFault("cut off, or of the wrong kind") from None
    if reader.at != len(data):
        raise CborFault("something stands after the end")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def item(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise CborFault("nested too deep")
        major, info = divmod(self._byte(), 32)
        if major == 7:
            return self._simple(info)
        count = None if info == INDEFINITE else self._argument(info)
        match major:
            case 0 | 1 if count is not None:
                return -1 - count if major == NEGATIVE else count
            case 2 | 3:
                return self._string(major, count, depth)
            case 4:
                return self._list(count, depth)
            case 5:
                return self._map(count, depth)
            case 6 if count is not None:
                return self.item(depth + 1)
        raise CborFault("a number without an end")

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self.at:
            raise CborFault("it says that it is longer than it is")
        self.at += count
        return self._data[self.at - count : self.at]

    def _argument(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise CborFault("a length of no known size")
        return int.from_bytes(self._take(1 << (info - 24)))

    def _string(self, major: int, count: int | None, depth: int) -> bytes | str:
        if count is None:
            parts = self._until_break(depth)
            return b"".join(parts) if major == BYTES else "".join(parts)
        taken = self._take(count)
        return taken if major == BYTES else taken.decode()

    def _list(self, count: int | None, depth: int) -> list[Any]:
        if count is None:
            return self._until_break(depth)
        return [self.item(depth + 1) for _ in range(self._fitting(count))]

    def _map(self, count: int | None, depth: int) -> dict[Any, Any]:
        if count is None:
            items = self._until_break(depth)
        else:
            items = [self.item(depth + 1) for _ in range(2 * self._fitting(count))]
        entries = dict(zip(items[::2], items[1::2], strict=False))
        if 2 * len(entries) != len(items):
            raise CborFault("a map names something twice, or a key has no value")
        return entries

    def _fitting(self, count: int) -> int:
        if count > len(self._data) - self.at:
            raise CborFault("it says that it holds more than there is")
        return count

    def _until_break(self, depth: int) -> list[Any]:
        items = []
        while self._data[self.at] != BREAK:
            items.append(self.item(depth + 1))
        self.at += 1
        return items

    def _simple(self, info: int) -> Any:
        if info in SIMPLE:
            return SIMPLE[info]
        if info not in FLOATS:
            raise CborFault("a value of no known kind")
        number = struct.unpack(FLOATS[info], self._take(1 << (info - 24)))[0]
        if not math.isfinite(number):
            raise CborFault("a number that is none")
        return number
