"""Packs and unpacks bodies in every content coding that clickhouse-connect negotiates.

A request's body is read to its last frame.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import cramjam
import lz4.frame
import zstandard

from infra.chdb_server.errors import refusal

PIECE_BYTES = 1 << 20
"""Approximate number of plain bytes in a piece, however well they were packed."""
UNPACKED_FREE_BYTES = 256 << 20
"""Number of bytes to which any body may unpack."""
MAX_UNPACKED_RATIO = 200
"""Ratio of a larger body's unpacked to its sent bytes: rows do not pack better, bombs do."""
MAX_BROTLI_BYTES = 64 << 20
"""Largest number of bytes of a Brotli body, packed or plain."""


class FrameReader(Protocol):
    """Unpacks one frame, piece by piece."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def pieces(self, data: bytes, /) -> Iterator[bytes]: ...


class Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class ZlibReader:
    def __init__(self, wbits: int) -> None:
        self.frame = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self.frame.eof

    @property
    def unused_data(self) -> bytes:
        return self.frame.unused_data

    def pieces(self, data: bytes, /) -> Iterator[bytes]:
        rest = data
        while not self.frame.eof:
            piece = self.frame.decompress(rest, PIECE_BYTES)
            rest = self.frame.unconsumed_tail
            if not piece and not rest:
                return
            yield piece


class Lz4Reader:
    def __init__(self) -> None:
        self.frame = lz4.frame.LZ4FrameDecompressor()

    @property
    def eof(self) -> bool:
        return bool(self.frame.eof)

    @property
    def unused_data(self) -> bytes | None:
        unused: bytes | None = self.frame.unused_data
        return unused

    def pieces(self, data: bytes, /) -> Iterator[bytes]:
        piece = self.frame.decompress(data, max_length=PIECE_BYTES)
        while piece:
            yield piece
            if self.frame.eof or self.frame.needs_input:
                return
            piece = self.frame.decompress(b"", max_length=PIECE_BYTES)


class ZstdReader:
    """Unpacks a zstd frame in small pieces of input.

    The library returns all that a piece of input unpacks to, and a block of 128 kB may lie in four
    bytes.
    """

    INPUT_BYTES = 64
    MAX_WINDOW_BYTES = 8 << 20
    """RFC 8878 asks every reader to support this much."""

    def __init__(self) -> None:
        self.frame = zstandard.ZstdDecompressor(
            max_window_size=self.MAX_WINDOW_BYTES
        ).decompressobj()
        self.rest = b""

    @property
    def eof(self) -> bool:
        return self.frame.eof

    @property
    def unused_data(self) -> bytes:
        return self.frame.unused_data + self.rest

    def pieces(self, data: bytes, /) -> Iterator[bytes]:
        position = 0
        while position < len(data) and not self.frame.eof:
            yield self.frame.decompress(data[position : position + self.INPUT_BYTES])
            position += self.INPUT_BYTES
        self.rest = data[position:]


READERS: dict[str, Callable[[], FrameReader]] = {
    "lz4": Lz4Reader,
    "zstd": ZstdReader,
    "gzip": lambda: ZlibReader(wbits=31),
    "deflate": lambda: ZlibReader(wbits=15),
}
READ_ERRORS = (RuntimeError, EOFError, zlib.error, zstandard.ZstdError, cramjam.DecompressionError)
PREFERENCE = ("br", "lz4", "zstd", "gzip", "deflate")
REFUSED_WEIGHTS = {"q=0", "q=0.0"}


class Lz4Compressor:
    """Writes one frame for the whole body, since clients read the first frame only."""

    def __init__(self) -> None:
        self.frame = lz4.frame.LZ4FrameCompressor(auto_flush=True)
        self.begun = False

    def compress(self, data: bytes, /) -> bytes:
        head = b"" if self.begun else bytes(self.frame.begin())
        self.begun = True
        return head + bytes(self.frame.compress(data))

    def flush(self) -> bytes:
        return self.compress(b"") + bytes(self.frame.flush())


class BrotliCompressor:
    def __init__(self) -> None:
        self.stream = cramjam.brotli.Compressor(level=1)

    def compress(self, data: bytes, /) -> bytes:
        self.stream.compress(data)
        return bytes(self.stream.flush())

    def flush(self) -> bytes:
        return bytes(self.stream.finish())


COMPRESSORS: dict[str, Callable[[], Compressor]] = {
    "br": BrotliCompressor,
    "lz4": Lz4Compressor,
    "zstd": lambda: zstandard.ZstdCompressor(level=1).compressobj(),
    "gzip": lambda: zlib.compressobj(level=1, wbits=31),
    "deflate": lambda: zlib.compressobj(level=1),
}


def decoded(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yields the plain bytes of a body. Raises ClickHouseError if it is damaged or cut."""
    if coding in {"", "identity"}:
        return iter(chunks)
    if coding == "br":
        return _brotli(chunks)
    if coding not in READERS:
        raise refusal("NOT_IMPLEMENTED", f"Unknown compression method: {coding}")
    sent = Counted(chunks)
    return _refuse_bombs(_frames(sent, coding, READERS[coding]), sent)


class Counted:
    """Counts how much of a body has been read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = chunks
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.size += len(chunk)
            yield chunk


def _refuse_bombs(pieces: Iterable[bytes], sent: Counted) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > UNPACKED_FREE_BYTES and size > MAX_UNPACKED_RATIO * sent.size:
            raise refusal(
                "CANNOT_DECOMPRESS",
                f"The body unfolds to more than {MAX_UNPACKED_RATIO} times what was sent of it",
            )
        yield piece


def _frames(
    chunks: Iterable[bytes], coding: str, reader: Callable[[], FrameReader]
) -> Iterator[bytes]:
    frame = reader()
    is_within_frame = False
    for chunk in chunks:
        rest = chunk
        while rest:
            is_within_frame = True
            yield from _unpacked(frame, rest, coding)
            rest = b""
            if frame.eof:
                rest = frame.unused_data or b""
                frame = reader()
                is_within_frame = False
    if is_within_frame:
        raise refusal(
            "UNEXPECTED_END_OF_FILE", f"The {coding} stream of the request ends within a frame"
        )


def _unpacked(frame: FrameReader, data: bytes, coding: str) -> Iterator[bytes]:
    try:
        for piece in frame.pieces(data):
            if piece:
                yield piece
    except READ_ERRORS as error:
        raise refusal(
            "CANNOT_DECOMPRESS", f"Cannot decompress the {coding} body: {error}"
        ) from error


def _brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpacks the body at once.

    The library's streaming reader does not tell a whole stream from one that is cut.
    """
    body = at_most(MAX_BROTLI_BYTES, chunks, "The br body")
    plain = bytearray(MAX_BROTLI_BYTES)
    try:
        size = cramjam.brotli.decompress_into(body, plain) if body else 0
    except READ_ERRORS as error:
        raise refusal(
            "CANNOT_DECOMPRESS",
            f"Cannot decompress the br body, or it has more than {MAX_BROTLI_BYTES} bytes: {error}",
        ) from error
    yield bytes(memoryview(plain)[:size])


def at_most(max_bytes: int, chunks: Iterable[bytes], name: str) -> bytes:
    """Returns all chunks as one, for what must be whole before anything is done with it.

    Raises ClickHouseError, which calls it `name`, as soon as there are more than `max_bytes`.
    """
    pieces = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise refusal("TOO_LARGE_STRING_SIZE", f"{name} has more than {max_bytes} bytes")
        pieces.append(chunk)
    return b"".join(pieces)


def accepted(accept_encoding: str) -> str | None:
    """Returns the coding of the response, in ClickHouse's order of preference; None for plain."""
    offers: dict[str, str] = {}
    for offer in accept_encoding.lower().split(","):
        name, _, weight = offer.strip().partition(";")
        offers[name] = weight.replace(" ", "")
    wanted = {name.strip() for name, weight in offers.items() if weight not in REFUSED_WEIGHTS}
    return next((coding for coding in PREFERENCE if coding in wanted), None)
