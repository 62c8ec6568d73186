"""Bodies and statements are made to cost more than they weigh.

Each is unpacked, and scanned, in pieces of bounded size.
"""

import zlib
from collections.abc import Callable, Iterable

import cramjam
import lz4.frame
import pytest
import zstandard

from infra.chdb_server.bodies import (
    MAX_BROTLI_BYTES,
    PIECE_BYTES,
    UNPACKED_FREE_BYTES,
    at_most,
    decoded,
)
from infra.chdb_server.errors import ClickHouseError
from infra.chdb_server.request import Request
from infra.chdb_server.tokens import MAX_OPEN_HEREDOCS, tokens
from infra.chdb_server.work import MAX_TEXT_BYTES, read_statement

UNFOLDED = 64 << 20
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: zlib.compress(data, 9, 31),
    "deflate": lambda data: zlib.compress(data, 9),
    "zstd": lambda data: zstandard.ZstdCompressor(level=3).compress(data),
    "lz4": lambda data: bytes(lz4.frame.compress(data)),
}


@pytest.mark.parametrize("coding", PACKED)
def test_a_body_that_unfolds_a_thousandfold_comes_in_small_pieces(coding: str) -> None:
    bomb = PACKED[coding](bytes(UNFOLDED))
    sizes = [len(piece) for piece in decoded([bomb], coding)]
    assert sum(sizes) == UNFOLDED
    assert max(sizes) <= 2 * PIECE_BYTES
    assert len(bomb) < UNFOLDED / 200


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_that_unfolds_further_than_rows_ever_do_is_refused(coding: str) -> None:
    bomb = PACKED[coding](bytes(UNFOLDED)) * 5
    taken = 0
    with pytest.raises(ClickHouseError, match="unfolds to more than"):
        for piece in decoded([bomb], coding):
            taken += len(piece)
    assert taken <= UNPACKED_FREE_BYTES


def test_a_brotli_body_that_unfolds_beyond_its_limit_is_refused() -> None:
    bomb = bytes(cramjam.brotli.compress(bytes(MAX_BROTLI_BYTES + 1), level=3))
    assert len(bomb) < 10_000
    with pytest.raises(ClickHouseError, match="has more than"):
        list(decoded([bomb], "br"))


def test_a_zstd_frame_that_asks_for_a_huge_window_is_refused() -> None:
    huge = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=27)
    ).compressobj()
    bomb = huge.compress(bytes(1 << 20)) + huge.flush()
    with pytest.raises(ClickHouseError, match="CANNOT_DECOMPRESS"):
        list(decoded([bomb], "zstd"))


def test_what_must_be_whole_is_refused_as_soon_as_it_is_too_large() -> None:
    taken = 0

    def endless() -> Iterable[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(1_000)

    with pytest.raises(ClickHouseError, match="The form has more than 10000 bytes"):
        at_most(10_000, endless(), "The form")
    assert taken == 11


def test_a_statement_that_is_too_long_is_refused_and_not_cut() -> None:
    long = b"DELETE FROM t WHERE a = 1 " + b" " * MAX_TEXT_BYTES + b"AND b = 2"
    with pytest.raises(ClickHouseError, match="The statement has more than"):
        read_statement(Request("POST", "/", {}, {}), iter([long]))


def test_heredocs_are_told_from_words_and_too_many_open_ones_are_refused() -> None:
    assert [token.word for token in tokens(b"$a$ ; $a$ x $b$ ; y")] == [
        b"",
        b"X",
        b"$B$",
        b";",
        b"Y",
    ]
    many = b" ".join(b"$%d$" % number for number in range(MAX_OPEN_HEREDOCS + 1))
    with pytest.raises(ClickHouseError, match="are not closed"):
        list(tokens(many))
