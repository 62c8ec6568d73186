"""Content codings of requests and responses: every one that clickhouse-connect negotiates, read to the last frame."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import cramjam
import lz4.frame
import zstandard

from infra.chdb_server.errors import refusal

PIECE_BYTES = 1 << 20
"""Of plain bytes at a time, however well they were packed."""
UNFOLDED_FREE, UNFOLDED_MOST = 256 << 20, 200
"""A body may unfold to so many bytes in any case, to more only as a multiple of what was sent: rows do not pack better, bombs do."""
BROTLI_MOST = 64 << 20
"""Of a body in this coding, packed or plain."""


class FrameReader(Protocol):
    """One frame, unpacked piece by piece."""

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
            piece = (
                b""
                if self.frame.eof or self.frame.needs_input
                else self.frame.decompress(b"", max_length=PIECE_BYTES)
            )


class ZstdReader:
    """The library gives all that a piece of input unfolds to, so the pieces are small: a block of 128 kB may lie in four bytes."""

    INPUT_BYTES = 64
    WINDOW_MOST = 8 << 20
    """What RFC 8878 asks every reader to support."""

    def __init__(self) -> None:
        self.frame = zstandard.ZstdDecompressor(max_window_size=self.WINDOW_MOST).decompressobj()
        self.rest = b""

    @property
    def eof(self) -> bool:
        return self.frame.eof

    @property
    def unused_data(self) -> bytes:
        return self.frame.unused_data + self.rest

    def pieces(self, data: bytes, /) -> Iterator[bytes]:
        at = 0
        while at < len(data) and not self.frame.eof:
            yield self.frame.decompress(data[at : at + self.INPUT_BYTES])
            at += self.INPUT_BYTES
        self.rest = data[at:]


READERS: dict[str, Callable[[], FrameReader]] = {
    "lz4": Lz4Reader,
    "zstd": ZstdReader,
    "gzip": lambda: ZlibReader(wbits=31),
    "deflate": lambda: ZlibReader(wbits=15),
}
READ_ERRORS = (RuntimeError, EOFError, zlib.error, zstandard.ZstdError, cramjam.DecompressionError)
PREFERENCE = ("br", "lz4", "zstd", "gzip", "deflate")


class Lz4Compressor:
    """One frame for the whole body: clients read the first frame only."""

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
    """The plain bytes of a body. Raises ClickHouseError when it is damaged, or ends within a frame."""
    if coding in {"", "identity"}:
        return iter(chunks)
    if coding == "br":
        return _brotli(chunks)
    if coding not in READERS:
        raise refusal("NOT_IMPLEMENTED", f"Unknown compression method: {coding}")
    sent = Counted(chunks)
    return _refuse_bombs(_frames(sent, coding, READERS[coding]), sent)


class Counted:
    """How much of a body has been taken."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks, self.size = chunks, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.size += len(chunk)
            yield chunk


def _refuse_bombs(pieces: Iterable[bytes], sent: Counted) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > UNFOLDED_FREE and size > UNFOLDED_MOST * sent.size:
            raise refusal(
                "CANNOT_DECOMPRESS",
                f"The body unfolds to more than {UNFOLDED_MOST} times what was sent of it",
            )
        yield piece


def _frames(
    chunks: Iterable[bytes], coding: str, reader: Callable[[], FrameReader]
) -> Iterator[bytes]:
    frame = reader()
    begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            begun = True
            yield from _unpacked(frame, rest, coding)
            rest = (frame.unused_data or b"") if frame.eof else b""
            if frame.eof:
                frame, begun = reader(), False
    if begun:
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
    """At once: the library's streaming reader does not tell a whole stream from one that is cut."""
    body = at_most(BROTLI_MOST, chunks, "The br body")
    plain = bytearray(BROTLI_MOST)
    try:
        size = cramjam.brotli.decompress_into(body, plain) if body else 0
    except READ_ERRORS as error:
        raise refusal(
            "CANNOT_DECOMPRESS",
            f"Cannot decompress the br body, or it has more than {BROTLI_MOST} bytes: {error}",
        ) from error
    yield bytes(memoryview(plain)[:size])


def at_most(most: int, chunks: Iterable[bytes], what: str) -> bytes:
    """All of it, for what must be whole before anything is done with it."""
    pieces, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise refusal("TOO_LARGE_STRING_SIZE", f"{what} has more than {most} bytes")
        pieces.append(chunk)
    return b"".join(pieces)


def accepted(accept_encoding: str) -> str | None:
    """The coding of the response, in ClickHouse's order of preference; None for plain."""
    offers = dict(offer.strip().partition(";")[::2] for offer in accept_encoding.lower().split(","))
    wanted = {
        name.strip()
        for name, weight in offers.items()
        if weight.replace(" ", "") not in {"q=0", "q=0.0"}
    }
    return next((coding for coding in PREFERENCE if coding in wanted), None)
