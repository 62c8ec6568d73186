"""Health certificates graded: every grade at its edge, and every algorithm."""

import zlib
from datetime import UTC, datetime, timedelta

import base45
import cbor2
import cwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.tools.simulator.health_certificates import CertificateSigner, packed
from schemas.domain.certificates import Claims, Graded, grade_certificate, hash_of_identifier
from tests.schemas.domain.certificates.issued import (
    EC,
    ED,
    MINUTE,
    NOON,
    RSA,
    SIGNERS,
    STRANGER,
    TRUST,
    UVCI,
    claims,
    claims_read,
    grade,
    refreshed,
    revoked,
    trust,
    trusted,
)


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
    assert [grade(signer.issue(claims()), both) for signer in (ED, twin)] == ["valid", "valid"]


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
