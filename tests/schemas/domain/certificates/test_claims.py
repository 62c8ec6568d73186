"""Health certificates read: what they say, and what is unreadable although it is signed."""

import zlib
from datetime import UTC, date, datetime
from typing import Any

import base45
import pytest

from infra.tools.simulator.health_certificates import recovery, sample
from schemas.domain.certificates import signer_key
from schemas.domain.certificates.envelope import MAX_INFLATED_BYTES, MAX_TEXT_LENGTH
from tests.schemas.domain.certificates.issued import (
    EC,
    ED,
    SIGNERS,
    UVCI,
    claims,
    claims_read,
    grade,
)


def test_result_and_time_of_a_test_and_day_of_a_recovery_are_read() -> None:
    at = datetime(2021, 12, 19, 9, 30, tzinfo=UTC)
    tests = [
        claims_read(ED.issue(claims(t=sample(UVCI, at, detected=detected))))
        for detected in (True, False)
    ]
    assert [(test.kind, test.result, test.dated_at) for test in tests] == [
        ("test", "positive", at),
        ("test", "negative", at),
    ]
    recovered = claims_read(ED.issue(claims(r=recovery(UVCI, date(2021, 8, 1)))))
    assert (recovered.kind, recovered.doses, recovered.dated_at) == (
        "recovery",
        None,
        datetime(2021, 8, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ({"fnt": "NGUYEN", "gnt": "THI<HOA"}, "NGUYEN THI HOA"),
        ({"fn": "Иванов", "gn": "Иван", "fnt": "IVANOV", "gnt": "IVAN"}, "IVANOV IVAN"),
        ({"fn": "Đặng", "fnt": "DANG"}, "Đặng"),
    ],
)
def test_name_is_the_written_one_where_its_letters_are_ours(
    names: dict[str, str], name: str
) -> None:
    claimed = claims()
    claimed[-260][1]["nam"] = names
    assert claims_read(ED.issue(claimed)).full_name == name


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1990", "1990"),
        ("1990-02", "1990-02"),
        ("1990-02-17T00:00:00", "1990-02-17"),
        ("", None),
        ("XX", None),
    ],
)
def test_birth_date_is_as_exact_as_the_certificate_has_it(written: str, read: str | None) -> None:
    claimed = claims()
    claimed[-260][1]["dob"] = written
    assert claims_read(ED.issue(claimed)).birth_date == read


@pytest.mark.parametrize(
    "claimed",
    [
        {},
        {1: "VN"},
        claims() | {-260: {}},
        claims() | {-260: {1: {"nam": {}}}},
        claims() | {-260: {1: {"v": "text", "nam": {}}}},
        claims() | {4: "never"},
        claims() | {4: 10**15},
        claims(v={"ci": 7}),
        claims(v={"ci": UVCI, "dt": "yesterday"}),
        claims() | {-260: [1, 2]},
    ],
)
def test_signed_with_a_trusted_key_but_no_health_certificate_is_unreadable(
    claimed: dict[int, Any],
) -> None:
    assert grade(ED.issue(claimed)) == "unreadable"


def test_code_that_inflates_to_more_than_a_certificate_has_is_not_opened() -> None:
    bomb = "HC1:" + base45.b45encode(zlib.compress(bytes(2_000_000), 9)).decode()
    assert len(bomb) < MAX_TEXT_LENGTH
    assert grade(bomb) == "unreadable"
    large = ED.issue(claims() | {99: bytes(MAX_INFLATED_BYTES)})
    assert grade(large) == "unreadable"
    assert grade(ED.issue(claims() | {99: bytes(MAX_INFLATED_BYTES // 2)})) == "valid"


def test_anything_behind_the_packed_message_is_refused() -> None:
    raw = base45.b45decode(ED.issue(claims())[4:])
    assert grade("HC1:" + base45.b45encode(raw + b"more").decode()) == "unreadable"
    assert grade("HC1:" + base45.b45encode(raw[:-1]).decode()) == "unreadable"


@pytest.mark.parametrize("key_id", [b"", bytes(33), 7, None, [1]])
def test_key_id_that_is_none_is_unreadable(key_id: object) -> None:
    assert grade(ED.issue(claims(), protected={1: -8, 4: key_id})) == "unreadable"


def test_only_keys_that_fit_their_algorithm_are_taken() -> None:
    assert all(signer_key(signer.public_key, signer.algorithm) for signer in SIGNERS)
    assert [signer_key(ED.public_key, "ES256"), signer_key(EC.public_key, "PS256")] == [None, None]
    assert [signer_key(text, "EdDSA") for text in ("AAAA", "é", "")] == [None, None, None]
