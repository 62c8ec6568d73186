"""Health certificates made to break their reader: nothing raises, and nothing changed counts."""

import zlib
from typing import Any

import base45
from hypothesis import given
from hypothesis import strategies as st

from infra.tools.simulator.health_certificates import packed
from schemas.domain.certificates import Graded, grade_certificate
from tests.fuzzing import fuzzed
from tests.schemas.domain.certificates.issued import ED, NOON, TRUST, UVCI, claims

ISSUED = grade_certificate(ED.issue(claims()), TRUST, NOON)


@fuzzed
@given(st.text(max_size=120))
def test_no_text_raises(text: str) -> None:
    grade_certificate(text, TRUST, NOON)
    grade_certificate("HC1:" + text, TRUST, NOON)


@fuzzed
@given(st.binary(max_size=300))
def test_no_packed_bytes_raise(bytes_: bytes) -> None:
    grade_certificate(packed(bytes_), TRUST, NOON)


any_leaf = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.floats()
)
any_key = st.sampled_from(["v", "t", "r", "nam", "dob", "ci", "dt", 1, 4, 6, -260])
any_value = st.recursive(
    any_leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_key, inner),
    max_leaves=12,
)


@fuzzed
@given(any_value, any_value, any_value)
def test_no_signed_claims_raise(certificate: Any, entry: Any, names: Any) -> None:
    dose = {"ci": UVCI, "dt": entry, "dn": names}
    for dcc in (
        certificate,
        {"nam": names, "v": [entry]},
        {"nam": {"fn": names, "fnt": entry}, "dob": names, "v": [dose]},
    ):
        grade_certificate(ED.issue(claims() | {-260: {1: dcc}, 6: names, 1: entry}), TRUST, NOON)


@fuzzed
@given(st.integers(0, 2_000), st.integers(1, 255))
def test_no_changed_byte_changes_what_a_valid_certificate_says(place: int, change: int) -> None:
    """The tag and the unprotected header are not signed, and nothing rests on them."""
    message = bytearray(zlib.decompress(base45.b45decode(ED.issue(claims())[4:])))
    message[place % len(message)] ^= change
    graded = grade_certificate(packed(bytes(message)), TRUST, NOON)
    assert graded == ISSUED or not isinstance(graded, Graded) or graded.grade != "valid"
