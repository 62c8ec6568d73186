"""A document checked beside our code: whose scan it is, and what becomes of the code."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.backends.keys import Keys
from infra.errors import SetupError
from schemas.contract.ids import DeclarationId, DocumentKey
from schemas.domain.tokens import SigningKey, TokenClaims, issue_token
from tests.api.conftest import Bench
from tests.plain_settings import plain_settings

CARD = "051190000123|212345678|Nguyễn Thị Hoà|17021990|Nữ|Đức Phổ|15042021"
FORGER = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
CLAIMS = TokenClaims(
    DeclarationId("11111111-1111-4111-8111-111111111111"),
    DocumentKey("ab" * 16),
    datetime(2021, 9, 15, tzinfo=UTC),
    datetime(2021, 9, 18, tzinfo=UTC),
)


def scan_of(shown: str, **more: Any) -> dict[str, Any]:
    return {
        "shown": shown,
        "checkpoint_id": "binh-de",
        "direction": "in",
        "scanned_at": "2021-09-15T10:00:00",
    } | more


def test_whoever_holds_the_card_was_there_and_the_code_is_what_they_claim(bench: Bench) -> None:
    token = issue_token(CLAIMS, bench.keys.signing)
    answer = bench.post("/scans", scan_of(token, checked=CARD), "checkpoint")
    assert (answer.status_code, answer.json()["shown_kind"], answer.json()["token_expired"]) == (
        202,
        "token",
        False,
    )
    event = bench.broker.events[0]
    assert (event.shown_kind, event.document_number, event.full_name) == (
        "token",
        "051190000123",
        "Nguyễn Thị Hoà",
    )
    assert (event.code_key, event.declaration_id, event.code_fault) == (
        CLAIMS.document_key,
        CLAIMS.declaration_id,
        None,
    )


@pytest.mark.parametrize(
    ("shown", "fault"),
    [
        (issue_token(CLAIMS, SigningKey(b"\x01", FORGER)), "signature_wrong"),
        (issue_token(CLAIMS, SigningKey(b"\xee", FORGER)), "key_unknown"),
        (issue_token(CLAIMS, SigningKey(b"\x09", FORGER)), "key_revoked"),
        ("DBD1:XX", "unreadable"),
    ],
)
def test_a_code_that_cannot_be_trusted_is_taken_with_its_fault_once_the_document_was_checked(
    bench: Bench, shown: str, fault: str
) -> None:
    object.__setattr__(
        bench.doors, "keys", Keys(bench.keys.signing, bench.keys.verifying, frozenset((b"\x09",)))
    )
    assert bench.post("/scans", scan_of(shown)).json()["shown_was"] == "token-refused"
    assert bench.post("/scans", scan_of(shown, checked="051190000123")).status_code == 202
    event = bench.broker.events[0]
    assert (event.code_fault, event.declaration_id, event.document_number) == (
        fault,
        None,
        "051190000123",
    )


@pytest.mark.parametrize(
    ("shown", "checked"),
    [("212345678", CARD), ("DBD1:XX", "xin chào"), ("DBD1:XX", "DBD1:XX"), ("DBD1:XX", "HC1:6BF")],
)
def test_anything_else_beside_a_code_is_a_fault_of_that_field(
    bench: Bench, shown: str, checked: str
) -> None:
    answer = bench.post("/scans", scan_of(shown, checked=checked))
    assert (answer.status_code, [fault["field"] for fault in answer.json()["errors"]]) == (
        422,
        ["checked"],
    )
    assert bench.broker.taken == []


def test_a_revoked_key_signs_and_verifies_no_more_and_another_takes_its_place(
    tmp_path: Path,
) -> None:
    settings = plain_settings(data_dir=tmp_path)
    first = Keys.read(settings)
    (tmp_path / "keys" / "01.key").rename(tmp_path / "keys" / "01.revoked")
    second = Keys.read(settings)
    assert (first.signing.key_id, second.signing.key_id) == (b"\x01", b"\x02")
    assert (list(second.verifying), list(second.revoked)) == ([b"\x02"], [b"\x01"])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("02", bytes(32), "no key to sign"),
        ("02.key", b"short", "02.key must hold 32 bytes"),
        ("first.key", bytes(32), "two hexadecimal digits"),
    ],
)
def test_doors_do_not_open_in_production_with_a_key_that_is_none(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / name).write_bytes(content)
    secrets = dict.fromkeys(
        ("person_key", "clickhouse_writer_password", "clickhouse_reader_password"),
        "known to nobody else",
    )
    with pytest.raises(SetupError, match=reason):
        Keys.read(plain_settings(data_dir=tmp_path, profile="production", **secrets))


def test_the_time_of_the_scan_says_whether_the_code_had_expired(bench: Bench) -> None:
    late = (CLAIMS.expires_at + timedelta(minutes=1)).isoformat()
    answer = bench.post(
        "/scans", scan_of(issue_token(CLAIMS, bench.keys.signing), checked=CARD, scanned_at=late)
    )
    assert answer.json()["token_expired"] is True
