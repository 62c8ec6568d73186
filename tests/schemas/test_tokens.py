"""Our QR code: what it carries, what it refuses, and that any CWT library reads it."""

from datetime import UTC, datetime, timedelta

import base45
import cbor2
import cwt
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract.errors import (
    TokenError,
    TokenExpired,
    TokenKeyUnknown,
    TokenSignatureWrong,
    TokenUnreadable,
)
from schemas.contract.ids import DeclarationId, DocumentKey
from schemas.domain.tokens import SigningKey, TokenClaims, issue_token, read_token

NOW = datetime(2021, 9, 15, 5, 0, tzinfo=UTC)
KEY = SigningKey(b"\x01", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
CLAIMS = TokenClaims(
    DeclarationId("00000000-0000-5000-8000-000000000002"),
    DocumentKey("0f8c1e8a4b7d4c0e9a51051202109100"),
    NOW,
    NOW + timedelta(hours=72),
)
KEYS = {KEY.key_id: KEY.public}


def test_what_is_issued_is_read_back() -> None:
    assert read_token(issue_token(CLAIMS, KEY), KEYS, NOW) == CLAIMS


def test_same_claims_give_the_same_text() -> None:
    assert issue_token(CLAIMS, KEY) == issue_token(CLAIMS, KEY)


def test_code_stays_small_enough_for_a_scratched_screen() -> None:
    code = segno.make(issue_token(CLAIMS, KEY), error="m")
    assert (code.mode, code.version) == ("alphanumeric", 8)


def test_another_library_reads_and_verifies_it() -> None:
    message = base45.b45decode(issue_token(CLAIMS, KEY).removeprefix("DBD1:"))
    key = cwt.COSEKey.new({1: 1, -1: 6, -2: KEY.public.public_bytes_raw(), 3: -8, 2: KEY.key_id})
    decoded = cwt.COSE.new().decode(message, key)
    assert bytes.fromhex(CLAIMS.document_key) in decoded


def test_expired_code_says_so_and_what_it_claims() -> None:
    with pytest.raises(TokenExpired) as expired:
        read_token(issue_token(CLAIMS, KEY), KEYS, CLAIMS.expires_at)
    assert expired.value.claims == CLAIMS


def test_code_of_an_unknown_key_is_told_from_a_forged_one() -> None:
    token = issue_token(CLAIMS, KEY)
    with pytest.raises(TokenKeyUnknown):
        read_token(token, {b"\x02": KEY.public}, NOW)
    with pytest.raises(TokenSignatureWrong):
        read_token(token, {b"\x01": Ed25519PrivateKey.generate().public_key()}, NOW)


@pytest.mark.parametrize("length", [0, 4, 5, 8, 60, -3, -1])
def test_cut_code_is_unreadable_not_forged(length: int) -> None:
    with pytest.raises(TokenUnreadable):
        read_token(issue_token(CLAIMS, KEY)[:length], KEYS, NOW)


def test_code_goes_on_working_after_a_change_of_keys() -> None:
    newer = SigningKey(b"\x02", Ed25519PrivateKey.generate())
    keys = KEYS | {newer.key_id: newer.public}
    assert (
        read_token(issue_token(CLAIMS, KEY), keys, NOW)
        == read_token(issue_token(CLAIMS, newer), keys, NOW)
        == CLAIMS
    )


def test_code_made_by_another_library_with_our_key_is_read() -> None:
    ours = base45.b45decode(issue_token(CLAIMS, KEY).removeprefix("DBD1:"))
    key = cwt.COSEKey.new(
        {
            1: 1,
            -1: 6,
            -2: KEY.public.public_bytes_raw(),
            -4: KEY.private.private_bytes_raw(),
            3: -8,
            2: KEY.key_id,
        }
    )
    theirs = cwt.COSE.new().encode(
        cbor2.loads(ours).value[2], key, protected={1: -8, 4: KEY.key_id}, unprotected={}
    )
    assert read_token("DBD1:" + base45.b45encode(theirs).decode(), KEYS, NOW) == CLAIMS


def test_lower_case_and_a_line_end_of_the_scanner_do_not_matter() -> None:
    assert read_token(issue_token(CLAIMS, KEY).lower() + "\r\n", KEYS, NOW) == CLAIMS


@pytest.mark.parametrize("added", [b"\x00", b"junk", bytes(66)])
def test_code_with_anything_added_is_refused(added: bytes) -> None:
    message = base45.b45decode(issue_token(CLAIMS, KEY).removeprefix("DBD1:")) + added
    with pytest.raises(TokenError):
        read_token("DBD1:" + base45.b45encode(message).decode(), KEYS, NOW)


def test_code_that_does_not_begin_like_ours_is_unreadable() -> None:
    with pytest.raises(TokenUnreadable):
        read_token("XXXXX" + issue_token(CLAIMS, KEY)[5:], KEYS, NOW)


HOSTILE_HEADERS = {
    "key id that is a list": cbor2.dumps({1: -8, 4: [1]}),
    "number too great for any decoder": bytes.fromhex("c5821a7fffffff01"),
    "nested too deep": b"\x81" * 900,
    "list of two to the 63 entries": bytes.fromhex("9b7fffffffffffffff"),
}


@pytest.mark.parametrize("header", HOSTILE_HEADERS.values(), ids=HOSTILE_HEADERS.keys())
@pytest.mark.parametrize("wrapped", [True, False])
def test_code_made_to_break_its_reader_is_refused_like_any_other(
    header: bytes, wrapped: bool
) -> None:
    message = cbor2.dumps(cbor2.CBORTag(18, [header, {}, b"x", bytes(64)])) if wrapped else header
    with pytest.raises(TokenError):
        read_token("DBD1:" + base45.b45encode(message).decode(), KEYS, NOW)


def test_claims_of_another_purpose_signed_with_our_key_are_unreadable() -> None:
    key = cwt.COSEKey.new(
        {
            1: 1,
            -1: 6,
            -2: KEY.public.public_bytes_raw(),
            -4: KEY.private.private_bytes_raw(),
            3: -8,
            2: KEY.key_id,
        }
    )
    other = cwt.COSE.new().encode(
        cbor2.dumps({1: "somebody"}), key, protected={1: -8, 4: KEY.key_id}, unprotected={}
    )
    with pytest.raises(TokenUnreadable, match="lacks"):
        read_token("DBD1:" + base45.b45encode(other).decode(), KEYS, NOW)


@given(st.text(max_size=120))
def test_no_text_gets_past_or_breaks_the_reader(text: str) -> None:
    with pytest.raises(TokenError):
        read_token("DBD1:" + text, KEYS, NOW)


@given(st.integers(0, 140), st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(place: int, change: int) -> None:
    message = bytearray(base45.b45decode(issue_token(CLAIMS, KEY).removeprefix("DBD1:")))
    message[place % len(message)] ^= change
    with pytest.raises(TokenError):
        read_token("DBD1:" + base45.b45encode(bytes(message)).decode(), KEYS, NOW)
