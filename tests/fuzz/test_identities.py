"""Whatever is shown, typed or printed: readers of identities raise their own errors only.

They read again what they wrote.
"""

import string
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from api.backends.keys import Keys
from api.border.presented import recognise, recognise_with_document
from api.http.problems import Problem
from schemas.contract.errors import SchemaError, TokenError
from schemas.contract.ids import DeclarationId, DocumentKey
from schemas.domain.documents import (
    DocumentKind,
    classify_presented,
    paper_serial,
    parse_birth_date,
    parse_document,
)
from schemas.domain.plates import normalise_plate
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reference import Reference
from schemas.domain.tokens import SigningKey, TokenClaims, issue_token, read_token
from tests.fuzzing import fuzzed

NOW = datetime(2021, 9, 15, 10, tzinfo=UTC)
KEY = SigningKey(b"\x01", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS = {KEY.key_id: KEY.public}
CLAIMS = TokenClaims(
    DeclarationId("6b1cb393-7c88-5147-a23f-02a410209ab4"),
    DocumentKey("ab" * 16),
    NOW,
    NOW.replace(hour=20),
)
TOKEN = issue_token(CLAIMS, KEY)
KNOWN = (Pseudonyms("key"), Keys.of([KEY]), Reference().as_of(0).trust, NOW)
"""The doors know this when something is shown."""

FIELDS = st.one_of(
    st.text(max_size=20),
    st.text("0123456789", max_size=16),
    st.text("0123456789abcdefABCDEF", max_size=40),
    st.sampled_from(["Nam", "Nữ", "17021990", "051190000123", "212345678", "-", ""]),
)
SHOWN = st.one_of(
    st.text(max_size=2_000),
    st.lists(FIELDS, min_size=1, max_size=12).map("|".join),
    st.text(string.ascii_uppercase + string.digits + " $%*+-./:", max_size=400).map(
        "DBD1:".__add__
    ),
    st.tuples(
        st.sampled_from(
            ["HC1:", "PF", "pf", "http://", "000201", "IDVNM", "dbd1:", "{", "MECARD:"]
        ),
        st.text(max_size=50),
    ).map("".join),
)


@fuzzed
@given(SHOWN)
def test_whatever_is_shown_is_recognised_or_refused_as_a_problem(text: str) -> None:
    classify_presented(text)
    try:
        seen = recognise(text, *KNOWN)
    except Problem as problem:
        assert problem.errors[0].field == "shown"
    else:
        assert seen.facts["document_key"]


@fuzzed
@given(SHOWN, SHOWN)
def test_whatever_is_checked_beside_a_code_is_recognised_or_refused_as_a_problem(
    text: str, checked: str
) -> None:
    try:
        seen = recognise_with_document(text, checked, *KNOWN)
    except Problem as problem:
        assert problem.errors[0].field == "checked"
    else:
        assert seen.facts["document_key"]


@fuzzed
@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="utf-8"))
def test_a_code_with_one_sign_changed_is_never_believed(place: int, sign: str) -> None:
    changed = TOKEN[:place] + sign + TOKEN[place + 1 :]
    try:
        claims = read_token(changed, KEYS, NOW)
    except TokenError:
        return
    assert (changed.strip().upper(), claims) == (TOKEN, CLAIMS)


@fuzzed
@given(
    st.binary(min_size=16, max_size=16),
    st.uuids(),
    st.integers(0, 4_000_000_000),
    st.integers(1, 10**6),
)
def test_every_code_reads_back(key: bytes, declaration: object, issued: int, valid: int) -> None:
    begun, end = datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(issued + valid, UTC)
    claims = TokenClaims(DeclarationId(str(declaration)), DocumentKey(key.hex()), begun, end)
    assert read_token(issue_token(claims, KEY), KEYS, begun) == claims


@fuzzed
@given(st.one_of(st.none(), st.sampled_from(DocumentKind)), FIELDS | st.text(max_size=300))
def test_a_number_is_read_into_one_that_reads_the_same(
    kind: DocumentKind | None, text: str
) -> None:
    try:
        document = parse_document(kind, text)
    except SchemaError:
        return
    assert parse_document(document.kind, document.number) == document
    assert document.number.isascii() and document.number.isalnum()


@fuzzed
@given(
    FIELDS | st.dates().map(str) | st.from_regex(r"\d{1,2}[/. -]\d{1,2}[/. -]\d{4}", fullmatch=True)
)
def test_a_birth_date_is_read_into_one_that_reads_the_same(text: str) -> None:
    try:
        born = parse_birth_date(text, date(2021, 9, 15))
    except SchemaError:
        return
    assert parse_birth_date(born, date(2021, 9, 15)) == born
    assert "1890" <= born[:10] <= "2021-09-15"


@fuzzed
@given(
    st.text(max_size=30)
    | st.from_regex(r"[0-9]{2}[A-Z]{1,2}[-. ]?[0-9]{3}\.?[0-9]{2}", fullmatch=True)
)
def test_a_plate_is_read_into_one_that_reads_the_same(text: str) -> None:
    try:
        plate = normalise_plate(text)
    except SchemaError:
        return
    assert normalise_plate(plate) == plate


@fuzzed
@given(st.integers(2000, 2099), st.integers(0, 9_999_999), st.integers(2, 12), st.integers(1, 9))
def test_a_serial_reads_back_and_no_single_slip_does(
    year: int, sequence: int, place: int, slip: int
) -> None:
    serial = paper_serial(year, sequence)
    assert parse_document(None, serial).number == serial
    digit = str((int(serial[place]) + slip) % 10)
    with pytest.raises(SchemaError):
        parse_document(None, serial[:place] + digit + serial[place + 1 :])
