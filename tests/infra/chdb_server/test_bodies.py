"""Content codings: a body is read to its last frame, and damage is an error.

What is compressed here can be read by the codecs themselves.
"""

import gzip
import zlib
from collections.abc import Callable

import cramjam
import lz4.frame
import pytest
import zstandard

from infra.chdb_server.bodies import COMPRESSORS, accepted, decoded
from infra.chdb_server.errors import ClickHouseError

PLAIN = b"".join(b"%d\n" % number for number in range(50_000))
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lambda data: bytes(lz4.frame.compress(data)),
    "zstd": zstandard.compress,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: bytes(cramjam.brotli.compress(data)),
}
DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lambda data: bytes(lz4.frame.LZ4FrameDecompressor().decompress(data)),
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": lambda data: bytes(cramjam.brotli.decompress(data)),
}
FRAMED = ["lz4", "zstd", "gzip"]


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("coding", COMPRESS)
@pytest.mark.parametrize("size", [7, 4096, 10_000_000])
def test_a_body_comes_out_whole_however_it_is_cut(coding: str, size: int) -> None:
    assert b"".join(decoded(pieces(COMPRESS[coding](PLAIN), size), coding)) == PLAIN


@pytest.mark.parametrize("coding", FRAMED)
@pytest.mark.parametrize("size", [11, 10_000_000])
def test_every_frame_of_a_body_is_read(coding: str, size: int) -> None:
    body = b"".join(COMPRESS[coding](piece) for piece in pieces(PLAIN, 100_000))
    assert b"".join(decoded(pieces(body, size), coding)) == PLAIN


@pytest.mark.parametrize("coding", COMPRESS)
def test_a_body_cut_within_a_frame_is_an_error(coding: str) -> None:
    with pytest.raises(ClickHouseError):
        list(decoded([COMPRESS[coding](PLAIN)[:-5]], coding))


@pytest.mark.parametrize("coding", COMPRESS)
def test_a_damaged_body_is_an_error(coding: str) -> None:
    with pytest.raises(ClickHouseError) as refused:
        list(decoded([b"this is not compressed at all, whatever its header says"], coding))
    assert refused.value.code == 271


def test_an_unknown_coding_is_an_error() -> None:
    with pytest.raises(ClickHouseError) as refused:
        decoded([b""], "snappy")
    assert refused.value.code == 48


@pytest.mark.parametrize("coding", COMPRESSORS)
@pytest.mark.parametrize("size", [1000, 10_000_000])
def test_a_response_is_one_stream_of_its_coding(coding: str, size: int) -> None:
    compressor = COMPRESSORS[coding]()
    body = (
        b"".join(compressor.compress(piece) for piece in pieces(PLAIN, size)) + compressor.flush()
    )
    assert DECOMPRESS[coding](body) == PLAIN


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("lz4,zstd,gzip,deflate", "lz4"),
        ("gzip", "gzip"),
        ("gzip;q=0, zstd", "zstd"),
        ("identity", None),
        ("", None),
    ],
)
def test_the_response_takes_a_coding_the_client_accepts(header: str, coding: str | None) -> None:
    assert accepted(header) == coding
