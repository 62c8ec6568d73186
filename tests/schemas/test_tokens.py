"""Our QR code: what it carries, what it refuses, and that any CWT library reads it."""

from datetime import UTC, datetime, timedelta

import base45
import cwt
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import TokenError, TokenExpired, TokenKeyUnknown, TokenSignatureWrong, TokenUnreadable
from schemas.ids import DeclarationId, DocumentKey
from schemas.tokens import SigningKey, TokenClaims, issue_token, read_token

NOW = datetime(2021, 9, 15, 5, 0, tzinfo=UTC)
KEY = SigningKey(b"\x01", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
CLAIMS = TokenClaims(
    DeclarationId("00000000-0000-5000-8000-000000000002"), DocumentKey("0f8c1e8a4b7d4c0e9a51051202109100"), NOW, NOW + timedelta(hours=72)
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


def test_cut_code_is_unreadable() -> None:
    with pytest.raises(TokenUnreadable):
        read_token(issue_token(CLAIMS, KEY)[:60], KEYS, NOW)


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
