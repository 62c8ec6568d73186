"""Health certificates graded: every grade at its edge, every algorithm, and no text that raises."""

import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import base45
import cbor2
import cwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from infra.tools.simulator.health_certificates import CertificateSigner, packed, recovery, sample
from schemas.domain.certificates import (
    Claims,
    Graded,
    Unreadable,
    grade_certificate,
    hash_of_identifier,
    signer_key,
)
from schemas.domain.certificates.envelope import INFLATED_MOST, TEXT_MOST
from tests.fuzzing import fuzzed
from tests.schemas.domain.certificates.issued import (
    EC,
    ED,
    NOON,
    RSA,
    SIGNERS,
    UVCI,
    claims,
    refreshed,
    revoked,
    trust,
    trusted,
)

TRUST = trust()
MINUTE = timedelta(minutes=1)
ISSUED = grade_certificate(ED.issue(claims()), TRUST, NOON)
STRANGER = CertificateSigner(b"\x09" * 8, Ed25519PrivateKey.from_private_bytes(bytes(32)))


def grade(text: str, by: Any = TRUST, at: datetime = NOON) -> str:
    found = grade_certificate(text, by, at)
    return "unreadable" if isinstance(found, Unreadable) else found.grade


def claims_read(text: str, by: Any = TRUST) -> Claims:
    found = grade_certificate(text, by, NOON)
    assert isinstance(found, Graded) and found.claims
    return found.claims


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.algorithm)
def test_certificate_of_a_trusted_signer_is_valid_and_says_what_it_says(
    signer: CertificateSigner,
) -> None:
    text = signer.issue(claims())
    assert grade(text) == "valid"
    assert claims_read(text) == Claims(
        kind="vaccination",
        full_name="Nguyễn Thị Hòa",
        birth_date="1990-02-17",
        country="VN",
        issued_at=NOON - timedelta(days=2),
        expires_at=NOON + timedelta(days=363),
        doses=2,
        doses_needed=2,
        result=None,
        dated_at=datetime(2021, 9, 1, tzinfo=UTC),
        identifier_hash=hash_of_identifier(UVCI),
    )


@pytest.mark.parametrize(("signer", "algorithm"), [(ED, -8), (EC, "ES256"), (RSA, "PS256")])
def test_certificate_made_by_another_library_is_read(
    signer: CertificateSigner, algorithm: int | str
) -> None:
    key = cwt.COSEKey.from_pem(
        signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        algorithm,
        signer.key_id,
    )
    message = cwt.COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=True).encode(
        cbor2.dumps(claims()), key
    )
    assert grade(packed(message)) == "valid"


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


def test_key_id_in_the_unprotected_header_and_no_tag_are_taken() -> None:
    assert grade(ED.issue(claims(), protected={1: -8}, unprotected={4: ED.key_id})) == "valid"
    whole = cbor2.loads(zlib.decompress(base45.b45decode(ED.issue(claims())[4:])))
    assert grade(packed(cbor2.dumps(whole.value))) == "valid"


def test_signer_nobody_trusts_is_told_with_what_the_certificate_says() -> None:
    text = STRANGER.issue(claims())
    assert grade(text) == "signer_unknown"
    assert claims_read(text).full_name == "Nguyễn Thị Hòa"


def test_signer_counts_from_the_instant_it_is_trusted_and_as_known_at_the_version() -> None:
    begins = trust(refreshed(), trusted(valid_from=NOON))
    assert [grade(ED.issue(claims()), begins, at) for at in (NOON - MINUTE, NOON)] == [
        "signer_unknown",
        "valid",
    ]
    assert grade(ED.issue(claims()), trust(refreshed(), refreshed())) == "signer_unknown"


@pytest.mark.parametrize("place", [0, 1, 40, -1])
@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.algorithm)
def test_changed_signature_or_claims_are_tampered_and_say_nothing(
    signer: CertificateSigner, place: int
) -> None:
    message = cbor2.loads(zlib.decompress(base45.b45decode(signer.issue(claims())[4:]))).value
    for part in (2, 3):
        changed = bytearray(message[part])
        changed[place] ^= 1
        forged = [*message[:part], bytes(changed), *message[part + 1 :]]
        assert grade_certificate(
            packed(cbor2.dumps(cbor2.CBORTag(18, forged))), TRUST, NOON
        ) == Graded("tampered", None)


def test_forger_who_borrows_a_known_key_id_is_tampered_whatever_algorithm_it_names() -> None:
    forger = CertificateSigner(EC.key_id, STRANGER.private)
    assert [
        grade(forger.issue(claims(), protected={1: named, 4: EC.key_id}))
        for named in (-8, -7, -37, 0)
    ] == ["tampered"] * 4


def test_two_countries_with_one_key_id_are_both_tried() -> None:
    twin = CertificateSigner(ED.key_id, STRANGER.private)
    both = trust(refreshed(), trusted(ED), trusted(twin, country="LA"))
    assert [grade(one.issue(claims()), both) for one in (ED, twin)] == ["valid", "valid"]


def test_certificate_expires_at_its_instant() -> None:
    text, ends = ED.issue(claims()), NOON + timedelta(days=363)
    known = trust(trusted(), refreshed(hours=24 * 400))
    assert [grade(text, known, at) for at in (ends - MINUTE, ends)] == ["valid", "expired"]


def test_end_of_the_signers_validity_ends_what_it_signed() -> None:
    known = trust(trusted(valid_to=NOON), refreshed())
    assert [grade(ED.issue(claims()), known, at) for at in (NOON - MINUTE, NOON)] == [
        "valid",
        "expired",
    ]


def test_certificate_from_after_the_scan_is_not_yet_valid_beyond_what_clocks_differ() -> None:
    text = ED.issue(claims() | {6: int(NOON.timestamp())})
    known = trust(trusted(), refreshed(NOON - timedelta(hours=5)))
    assert [grade(text, known, NOON - before * MINUTE) for before in (5, 6)] == [
        "valid",
        "not_yet_valid",
    ]


def test_revoked_signer_and_revoked_certificate_count_from_their_instant() -> None:
    text = ED.issue(claims())
    signer = trust(trusted(), refreshed(), trusted(revoked_at=NOON))
    single = trust(trusted(), refreshed(), revoked(hash_of_identifier(UVCI)), revoked("0" * 32))
    for known in (signer, single):
        assert [grade(text, known, at) for at in (NOON - MINUTE, NOON)] == ["valid", "revoked"]


def test_list_that_is_old_or_was_never_there_is_the_verifiers_own_fault() -> None:
    text, known = ED.issue(claims()), trust(trusted(), refreshed(NOON - timedelta(hours=24)))
    assert [grade(text, known, at) for at in (NOON - MINUTE, NOON)] == ["valid", "list_out_of_date"]
    assert grade(STRANGER.issue(claims()), known) == "list_out_of_date"
    assert grade(text, trust(trusted())) == "list_out_of_date"


def test_what_is_certain_is_told_before_the_age_of_the_list() -> None:
    stale = trust(trusted(), revoked(hash_of_identifier(UVCI)))
    assert grade(ED.issue(claims()), stale) == "revoked"
    assert (
        grade(CertificateSigner(ED.key_id, STRANGER.private).issue(claims()), stale) == "tampered"
    )
    assert grade(ED.issue(claims() | {4: int(NOON.timestamp())}), trust(trusted())) == "expired"


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
    ("said", "read"),
    [
        ("1990", "1990"),
        ("1990-02", "1990-02"),
        ("1990-02-17T00:00:00", "1990-02-17"),
        ("", None),
        ("XX", None),
    ],
)
def test_birth_date_is_as_exact_as_the_certificate_has_it(said: str, read: str | None) -> None:
    claimed = claims()
    claimed[-260][1]["dob"] = said
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
    assert len(bomb) < TEXT_MOST
    assert grade(bomb) == "unreadable"
    large = ED.issue(claims() | {99: bytes(INFLATED_MOST)})
    assert grade(large) == "unreadable"
    assert grade(ED.issue(claims() | {99: bytes(INFLATED_MOST // 2)})) == "valid"


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
    found = grade_certificate(packed(bytes(message)), TRUST, NOON)
    assert found == ISSUED or not isinstance(found, Graded) or found.grade != "valid"
