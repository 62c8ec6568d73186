"""Requests to the local ClickHouse: all that they hold is read, or refused in ClickHouse's words.

They hold bodies, forms, statements and types.
"""

import zlib
from collections.abc import Callable

import cramjam
import lz4.frame
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from infra.chdb_server.bodies import decoded
from infra.chdb_server.errors import ClickHouseError
from infra.chdb_server.external_data import creation_of, split_types
from infra.chdb_server.request import ExternalFile, Request, read_request
from infra.chdb_server.statement import parse
from infra.chdb_server.tokens import tokens
from infra.chdb_server.work import read_statement
from tests.fuzzing import fuzzed

PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda data: zlib.compress(data, 1, 31),
    "deflate": zlib.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
    "lz4": lambda data: bytes(lz4.frame.compress(data)),
    "br": lambda data: bytes(cramjam.brotli.compress(data, level=1)),
}
CODINGS = st.sampled_from(sorted(PACK))
KEYWORDS = (
    b"INSERT INTO SELECT FORMAT VALUES FROM INFILE OUTFILE SETTINGS WITH SET USE"
    b" input t 1 ( ) ; , ' ` /* */ -- $a$ \\"
)
WORDS = st.sampled_from(
    [*KEYWORDS.split(b" "), b'"', b"\n", b"\xe2\x80\x98", b"\xe2\x80\x9d", b"\xff", b"\xc3\xa9"]
)
SQL = st.lists(WORDS | st.binary(max_size=4), max_size=30).map(b" ".join)
PIECES = st.sampled_from(
    [
        b"--x",
        b"\r\n",
        b"--",
        b'Content-Disposition: form-data; name="query"',
        b'; filename="f"',
        b"SELECT 1",
        b"\xff",
        b'name="\xff"',
        b'"',
    ]
)
FORMS = st.lists(PIECES | st.binary(max_size=6), max_size=30).map(b"".join)


@fuzzed
@given(st.binary(max_size=3_000), CODINGS, st.lists(st.integers(1, 500), min_size=1, max_size=20))
def test_a_packed_body_comes_out_as_it_went_in_however_it_is_cut(
    plain: bytes, coding: str, cuts: list[int]
) -> None:
    packed, pieces = PACK[coding](plain), list[bytes]()
    for cut in cuts:
        pieces.append(packed[:cut])
        packed = packed[cut:]
    assert b"".join(decoded([*pieces, packed], coding)) == plain


@fuzzed
@given(st.binary(max_size=200), CODINGS, st.integers(0, 200), st.binary(max_size=4))
def test_a_damaged_body_is_refused_or_read(plain: bytes, coding: str, at: int, put: bytes) -> None:
    packed = PACK[coding](plain)
    try:
        list(decoded([packed[:at] + put + packed[at + len(put) :]], coding))
    except ClickHouseError as refused:
        assert "Code: " in str(refused)


@fuzzed
@given(SQL)
def test_a_statement_is_parsed_or_refused_and_its_tokens_lie_in_order(text: bytes) -> None:
    try:
        edges = [0]
        for token in tokens(text):
            edges += [token.start, token.end]
        assert edges == sorted(edges)
        statement = parse(text)
    except ClickHouseError:
        return
    assert len(statement.sql) + len(statement.data) <= len(text)


@fuzzed
@given(FORMS, st.sampled_from(["x", '"x"', "", "\xff"]))
def test_a_form_is_read_or_refused(body: bytes, boundary: str) -> None:
    request = Request(
        "POST", "/", {}, {"content-type": f"multipart/form-data; boundary={boundary}"}
    )
    try:
        read_statement(request, iter([body]))
        for file in request.files:
            creation_of(file, request.params)
    except ClickHouseError:
        return


@fuzzed
@given(
    st.binary(max_size=60),
    st.binary(max_size=100),
    st.sampled_from(["application/x-www-form-urlencoded", ""]),
)
def test_an_address_is_read_or_refused(query: bytes, body: bytes, kind: str) -> None:
    headers = [(b"content-type", kind.encode()), (b"x-clickhouse-format", query[:5])]
    request = read_request(
        {"method": "POST", "path": "/", "query_string": query, "headers": headers}
    )
    try:
        read_statement(request, iter([body]))
        assert request.settings() is not None
        assert request.binds() is not None
        assert request.default_format
    except ClickHouseError:
        return


@fuzzed
@given(st.text("aU(), '", max_size=40), st.text(max_size=10))
def test_types_are_split_without_loss(types: str, name: str) -> None:
    assert "".join(split_types(types)).replace(" ", "").count("(") == types.count("(")
    try:
        assert creation_of(ExternalFile(name, b""), {f"{name}_types": types or "a"})
    except ClickHouseError:
        return
