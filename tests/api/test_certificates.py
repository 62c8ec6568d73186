"""Health certificates at the doors: beside a document or alone, graded by the trust list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.tools.simulator.health_certificates import CertificateSigner
from schemas.domain.certificates import hash_of_identifier
from tests.api.conftest import Bench
from tests.schemas.domain.certificates.issued import (
    EC,
    ED,
    NOON,
    UVCI,
    claims,
    refreshed,
    revoked,
    trusted,
)

CARD = "051190000123|212345678|Nguyễn Thị Hoà|17021990|Nữ|Đức Phổ|15042021"


@pytest.fixture
def knowing(bench: Bench) -> Bench:
    """The doors with a trust list."""
    for fact in (
        trusted(),
        refreshed(),
        revoked(hash_of_identifier("URN:UVCI:01:VN:GONE"), NOON - timedelta(days=1)),
    ):
        bench.doors.reference.current.add(bench.doors.reference.current.version + 1, fact)
    return bench


def scan_of(shown: str, **more: Any) -> dict[str, Any]:
    return {
        "shown": shown,
        "checkpoint_id": "binh-de",
        "direction": "in",
        "scanned_at": NOON.isoformat(),
    } | more


def signer_body(signer: CertificateSigner, **said: Any) -> dict[str, Any]:
    return {
        "country": "vn",
        "public_key": signer.public_key,
        "algorithm": signer.algorithm,
        "valid_from": "2021-12-01",
    } | said


def test_certificate_beside_a_card_is_told_with_the_verdict_and_its_facts_go_on(
    knowing: Bench,
) -> None:
    knowing.broker.verdicts = knowing.doors.verdicts
    answer = knowing.post(
        "/scans", scan_of(CARD, certificate=ED.issue(claims())), "checkpoint"
    ).json()
    told = answer["certificate"]
    assert (answer["shown_kind"], told["grade"], told["kind"], told["doses"], told["country"]) == (
        "card_qr",
        "valid",
        "vaccination",
        2,
        "VN",
    )
    assert told["list_refreshed_at"] == (NOON - timedelta(hours=1)).isoformat().replace(
        "+00:00", "Z"
    )
    event = knowing.broker.events[0]
    assert (event.certificate_grade, event.certificate_name, event.certificate_birth_date) == (
        "valid",
        "Nguyễn Thị Hòa",
        "1990-02-17",
    )
    assert event.document_number == "051190000123"


def test_grade_is_told_where_the_verdict_is_late_and_a_scan_without_certificate_says_none(
    knowing: Bench,
) -> None:
    with_one = knowing.post("/scans", scan_of(CARD, certificate=EC.issue(claims())))
    without = knowing.post("/scans", scan_of(CARD, certificate=" "))
    assert (with_one.status_code, with_one.json()["certificate"]["grade"]) == (
        202,
        "signer_unknown",
    )
    assert "certificate" not in without.json()
    assert knowing.broker.events[1].certificate_grade is None


def test_claims_of_a_forged_certificate_go_nowhere(knowing: Bench) -> None:
    forged = CertificateSigner(ED.key_id, EC.private).issue(claims())
    assert knowing.post("/scans", scan_of(CARD, certificate=forged)).json()["certificate"] == {
        "grade": "tampered",
        "list_refreshed_at": "2021-12-20T04:00:00Z",
    }
    event = knowing.broker.events[0]
    assert (event.certificate_grade, event.certificate_name, event.certificate_kind) == (
        "tampered",
        None,
        None,
    )


def test_certificate_alone_is_answered_with_its_grade_and_what_to_show(knowing: Bench) -> None:
    answer = knowing.post("/scans", scan_of(ED.issue(claims())))
    problem = answer.json()
    assert (answer.status_code, problem["shown_was"], problem["certificate"]["grade"]) == (
        422,
        "health-certificate",
        "valid",
    )
    assert (
        "CCCD" in problem["detail_vi"]
        and "the certificate is valid" in problem["errors"][0]["reason"]
    )
    assert "Hòa" not in answer.text
    assert knowing.broker.taken == []


def test_text_that_is_no_certificate_is_refused_by_field(knowing: Bench) -> None:
    for text in ("HC1:6BF", CARD, "HC1:" + "0" * 5_000):
        answer = knowing.post("/scans", scan_of(CARD, certificate=text))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "certificate")


def test_scans_kept_offline_are_graded_by_their_own_time(knowing: Bench) -> None:
    certificate = ED.issue(claims())
    hours = (-2, 0, 30)
    rows = [
        scan_of(
            "212345678",
            certificate=certificate,
            scanned_at=(NOON + timedelta(hours=hour)).isoformat(),
        )
        for hour in hours
    ]
    assert [knowing.post("/scans", row).status_code for row in rows] == [202, 202, 202]
    assert [event.certificate_grade for event in knowing.broker.events] == [
        "list_out_of_date",
        "valid",
        "list_out_of_date",
    ]


def test_signers_come_one_by_one_and_as_a_list_and_are_shown(bench: Bench) -> None:
    assert (
        bench.call(
            "PUT", f"/reference/signers/{ED.key_id.hex()}", "register", json=signer_body(ED)
        ).status_code
        == 200
    )
    row = signer_body(EC)
    table = (
        "key_id,country,public_key,algorithm,valid_from\n"
        f"{EC.key_id.hex()},VN,{row['public_key']},ES256,01/12/2021\n"
        "xx,VN,AAAA,ES256,2021"
    )
    answer = bench.post_table("/reference/signers/batch", table).json()
    assert (answer["accepted"], answer["refused"]) == (1, 1)
    events = bench.broker.events
    assert [(event.key_id, event.country, event.algorithm) for event in events] == [
        (ED.key_id.hex(), "VN", "EdDSA"),
        (EC.key_id.hex(), "VN", "ES256"),
    ]
    for event in events:
        bench.doors.reference.current.add(bench.doors.reference.current.version + 1, event)
    shown = bench.call("GET", "/reference/signers", "checkpoint").json()
    assert ([signer["key_id"] for signer in shown["signers"]], shown["refreshed_at"]) == (
        [ED.key_id.hex(), EC.key_id.hex()],
        None,
    )


def test_key_that_does_not_fit_its_algorithm_is_refused(bench: Bench) -> None:
    weak = CertificateSigner(
        b"\x04", rsa.generate_private_key(public_exponent=65_537, key_size=1_024)
    )
    for body in (
        signer_body(ED, algorithm="ES256"),
        signer_body(ED, public_key="AAAA"),
        signer_body(weak),
    ):
        answer = bench.call("PUT", "/reference/signers/01", "register", json=body)
        assert (answer.status_code, "no key for this algorithm" in answer.text) == (422, True)
    assert (
        bench.call("PUT", "/reference/signers/0x", "register", json=signer_body(ED)).status_code
        == 422
    )


def test_list_holds_for_a_day_unless_its_source_says_otherwise(bench: Bench) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    bodies = [
        {"source": "EU", "refreshed_at": now.isoformat()},
        {"source": "EU", "refreshed_at": "2021-12-20", "good_until": "2021-12-22"},
    ]
    assert [
        bench.call("PUT", "/reference/trust-list", "register", json=body).status_code
        for body in bodies
    ] == [200, 200]
    day, two = bench.broker.events
    assert (day.valid_to - day.valid_from, two.valid_to - two.valid_from) == (
        timedelta(hours=24),
        timedelta(hours=48),
    )
    wrong = {"source": "EU", "refreshed_at": "2021-12-20", "good_until": "2021-12-20"}
    assert bench.call("PUT", "/reference/trust-list", "register", json=wrong).status_code == 422
    bench.doors.reference.current.add(1, day)
    assert bench.call("GET", "/reference/signers").json()["refreshed_at"] is not None


def test_certificates_are_revoked_by_the_hash_of_their_identifier(bench: Bench) -> None:
    whole = hash_of_identifier(UVCI) + "0" * 32
    assert (
        bench.call(
            "PUT",
            f"/reference/revoked-certificates/{whole}",
            "register",
            json={"valid_from": "2021-12-01"},
        ).status_code
        == 200
    )
    table = bench.post_table(
        "/reference/revoked-certificates/batch",
        f"identifier_hash,valid_from\n{'A' * 32},2021-12-01\nURN:UVCI,2021-12-01\n",
    )
    assert (table.json()["accepted"], table.json()["refused"]) == (1, 1)
    assert [event.identifier_hash for event in bench.broker.events] == [
        hash_of_identifier(UVCI),
        "a" * 32,
    ]


def test_nothing_of_a_certificate_gets_into_the_logs(
    knowing: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ED.issue(claims())
    knowing.post("/scans", scan_of(CARD, certificate=text))
    knowing.post("/scans", scan_of(text))
    logged = "".join(capsys.readouterr())
    assert "Hòa" not in logged and text[:40] not in logged and UVCI not in logged
