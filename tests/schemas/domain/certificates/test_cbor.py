"""The reader of CBOR from strangers: it reads like `cbor2`.

It refuses what would cost more than its length.
"""

from contextlib import suppress

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain.certificates.cbor import CborFault, read_cbor
from tests.fuzzing import fuzzed

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.text() | st.binary() | FLOATS
)
KEYS = st.text(max_size=4) | st.integers(2, 2**32)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@fuzzed
@given(VALUES)
def test_it_reads_what_another_library_writes(value: object) -> None:
    assert read_cbor(cbor2.dumps(value)) == value


@pytest.mark.parametrize(
    ("bytes_", "value"),
    [
        ("bf616101ff", {"a": 1}),
        ("9f0102ff", [1, 2]),
        ("5f41014102ff", b"\x01\x02"),
        ("7f61616162ff", "ab"),
        ("c074323032312d30392d31355430353a30303a30305a", "2021-09-15T05:00:00Z"),
        ("f93c00", 1.0),
    ],
    ids=[
        "endless map",
        "endless list",
        "endless bytes",
        "endless text",
        "tagged time",
        "half float",
    ],
)
def test_ways_of_writing_that_issuers_use_are_read(bytes_: str, value: object) -> None:
    assert read_cbor(bytes.fromhex(bytes_)) == value


@pytest.mark.parametrize(
    "bytes_",
    [
        bytes.fromhex("9b7fffffffffffffff"),
        bytes.fromhex("bb7fffffffffffffff"),
        bytes.fromhex("5b7fffffffffffffff"),
        b"\x81" * 900,
        b"\xc1" * 900 + b"\x01",
        b"\x9f" * 900,
        bytes.fromhex("a201010102"),
        bytes.fromhex("a18001"),
        bytes.fromhex("f97e00"),
        bytes.fromhex("f97c00"),
        bytes.fromhex("0101"),
        bytes.fromhex("1f"),
        bytes.fromhex("ff"),
        bytes.fromhex("1c"),
        bytes.fromhex("61ff"),
        bytes.fromhex("bf01ff"),
        b"",
    ],
    ids=[
        "list of two to the 63",
        "map of two to the 63",
        "string of two to the 63",
        "nested lists",
        "nested tags",
        "nested endless lists",
        "key named twice",
        "list as key",
        "not a number",
        "infinity",
        "junk behind",
        "number without end",
        "break alone",
        "reserved length",
        "no text",
        "key without value",
        "nothing",
    ],
)
def test_what_is_made_to_break_a_reader_is_refused(bytes_: bytes) -> None:
    with pytest.raises(CborFault):
        read_cbor(bytes_)


def test_a_number_of_gigabytes_is_read_as_the_few_bytes_that_ask_for_it() -> None:
    assert read_cbor(bytes.fromhex("c5821a7fffffff01")) == [2**31 - 1, 1]


@fuzzed
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(bytes_: bytes) -> None:
    with suppress(CborFault):
        read_cbor(bytes_)
