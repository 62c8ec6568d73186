"""The door for scans: what is recognised, how the verdict is told, and what is refused."""

from typing import Any

import pytest
from msgspec.structs import replace

from schemas.domain.documents import paper_serial
from tests.api.conftest import CARD, POST, Bench, scan_of


@pytest.mark.parametrize(
    ("shown", "kind"),
    [(CARD, "card_qr"), ("212 345 678", "typed_number"), (paper_serial(2021, 7), "paper_serial")],
)
def test_scan_is_answered_with_its_verdict_and_what_was_shown(
    bench: Bench, shown: str, kind: str
) -> None:
    bench.broker.verdicts = bench.doors.verdicts
    answer = bench.post("/scans", scan_of(shown), "checkpoint")
    assert (answer.status_code, answer.json()["decision"], answer.json()["shown_kind"]) == (
        200,
        "refer",
        kind,
    )
    assert answer.json()["reasons"] == [
        {"code": "not_declared", "vi": "Chưa khai báo di chuyển.", "en": "No movement declaration."}
    ]
    assert bench.call("GET", f"/scans/{answer.json()['scan_id']}/verdict").status_code == 200


def test_card_ties_its_two_numbers_together(bench: Bench) -> None:
    bench.post("/scans", scan_of(CARD))
    event = bench.broker.events[0]
    assert (event.document_number, event.linked_kind, event.linked_number) == (
        "051190000123",
        "cmnd",
        "212345678",
    )


def test_late_verdict_is_202_and_where_it_will_be(bench: Bench) -> None:
    answer = bench.post("/scans", scan_of("212345678"))
    assert (answer.status_code, answer.json()["verdict"]) == (
        202,
        f"/scans/{answer.json()['scan_id']}/verdict",
    )
    assert bench.call("GET", answer.json()["verdict"]).status_code == 404


def test_our_code_is_taken_by_its_pseudonym_and_an_old_one_is_told(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    token = bench.post(
        "/declarations", declaration | {"declared_at": "2021-09-15T08:00:00"}
    ).json()["token"]
    for day, expired in (("15", False), ("19", True)):
        answer = bench.post("/scans", scan_of(token, scanned_at=f"2021-09-{day}T10:00:00"))
        assert answer.json()["token_expired"] is expired
        assert bench.broker.events[-1].document_key == bench.broker.events[0].document_key
        assert bench.broker.events[-1].document_number is None


@pytest.mark.parametrize(
    ("shown", "was"),
    [
        ("https://example.org", "unrecognised"),
        ("HC1:6BF", "health-certificate"),
        ("DBD1:XX", "token-refused"),
        ("xin chào", "unrecognised"),
    ],
)
def test_anything_else_is_named_in_both_languages(bench: Bench, shown: str, was: str) -> None:
    answer = bench.post("/scans", scan_of(shown))
    assert (answer.status_code, answer.json()["shown_was"]) == (422, was)
    assert answer.json()["detail_vi"]
    assert answer.json()["errors"][0]["reason"].lower() != "invalid"
    assert bench.broker.taken == []


def test_scan_at_an_unknown_post_or_ahead_of_the_clock_is_refused_by_field(bench: Bench) -> None:
    unknown = bench.post("/scans", scan_of("212345678", checkpoint_id="nowhere"))
    ahead = bench.post("/scans", scan_of("212345678", scanned_at="2999-01-01T00:00:00"))
    assert [answer.json()["errors"][0]["field"] for answer in (unknown, ahead)] == [
        "checkpoint_id",
        "scanned_at",
    ]


def table_of(scan: dict[str, Any]) -> str:
    return f"{','.join(scan)}\n{','.join(scan.values())}\n"


def test_scan_at_a_post_that_a_door_has_not_read_of_yet_is_to_be_sent_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that has just started must not refuse for good what it would take a moment later."""
    monkeypatch.setattr(bench.doors.reference, "stands_still", True)
    nowhere = scan_of("212345678", checkpoint_id="nowhere")
    answer = bench.post("/scans", nowhere)
    table_answer = bench.post_table("/scans/batch", table_of(nowhere))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert table_answer.status_code == 503
    assert bench.post("/scans", scan_of("212345678")).is_success


def test_scan_at_a_post_that_another_door_has_just_accepted_is_taken(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (replace(POST, checkpoint_id=name) for name in ("first", "second"))
    monkeypatch.setattr(bench.doors.reference, "unread", [first])
    assert bench.post("/scans", scan_of("212345678", checkpoint_id="first")).is_success
    monkeypatch.setattr(bench.doors.reference, "unread", [second])
    table = table_of(scan_of("212345678", checkpoint_id="second"))
    assert bench.post_table("/scans/batch", table).json()["accepted"] == 1
    assert [event.checkpoint_id for event in bench.broker.events] == ["first", "second"]
