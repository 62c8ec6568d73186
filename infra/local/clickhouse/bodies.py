"""Content codings of requests and responses: every one that clickhouse-connect negotiates, read to the last frame."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import cramjam
import lz4.frame
import zstandard

from infra.local.clickhouse.errors import refusal


class FrameReader(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


READERS: dict[str, Callable[[], FrameReader]] = {
    "lz4": lz4.frame.LZ4FrameDecompressor,
    "zstd": lambda: zstandard.ZstdDecompressor().decompressobj(),
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "deflate": lambda: zlib.decompressobj(),  # noqa: PLW0108 -- its own signature takes more
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
        return brotli(chunks)
    if coding not in READERS:
        raise refusal("NOT_IMPLEMENTED", f"Unknown compression method: {coding}")
    return frames(chunks, coding, READERS[coding])


def frames(chunks: Iterable[bytes], coding: str, reader: Callable[[], FrameReader]) -> Iterator[bytes]:
    frame = reader()
    begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            plain, begun = step(frame, rest, coding), True
            if plain:
                yield plain
            rest = (frame.unused_data or b"") if frame.eof else b""
            if frame.eof:
                frame, begun = reader(), False
    if begun:
        raise refusal("UNEXPECTED_END_OF_FILE", f"The {coding} stream of the request ends within a frame")


def step(frame: FrameReader, data: bytes, coding: str) -> bytes:
    try:
        return frame.decompress(data)
    except READ_ERRORS as error:
        raise refusal("CANNOT_DECOMPRESS", f"Cannot decompress the {coding} body: {error}") from error


def brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """At once: the library's streaming reader does not tell a whole stream from one that is cut."""
    body = b"".join(chunks)
    try:
        yield bytes(cramjam.brotli.decompress(body)) if body else b""
    except READ_ERRORS as error:
        raise refusal("CANNOT_DECOMPRESS", f"Cannot decompress the br body: {error}") from error


def accepted(accept_encoding: str) -> str | None:
    """The coding of the response, in ClickHouse's order of preference; None for plain."""
    offers = dict(offer.strip().partition(";")[::2] for offer in accept_encoding.lower().split(","))
    wanted = {name.strip() for name, weight in offers.items() if weight.replace(" ", "") not in {"q=0", "q=0.0"}}
    return next((coding for coding in PREFERENCE if coding in wanted), None)
