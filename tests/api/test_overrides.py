"""Officers who decide otherwise: which words are taken, and what of them goes on."""

from typing import Any

import pytest

from tests.api.conftest import Bench


@pytest.fixture
def scan_id(bench: Bench) -> str:
    """Returns the id of a scan that was referred."""
    bench.broker.verdicts = bench.doors.verdicts
    scan = {
        "shown": "212345678",
        "checkpoint_id": "binh-de",
        "direction": "in",
        "scanned_at": "2021-09-15T10:00:00",
    }
    return str(bench.post("/scans", scan, "checkpoint").json()["scan_id"])


def word(decision: str = "pass", **more: Any) -> dict[str, Any]:
    return {
        "decision": decision,
        "reason": "papers_seen",
        "overridden_at": "2021-09-15T10:05:00",
    } | more


def test_the_officer_s_word_goes_on_beside_the_verdict(bench: Bench, scan_id: str) -> None:
    answer = bench.post(f"/scans/{scan_id}/override", word(), "checkpoint")
    event = bench.broker.events[-1]
    assert (answer.status_code, answer.json()["event_id"]) == (202, event.event_id)
    assert (event.scan_id, event.verdict, event.decision, event.reason) == (
        scan_id,
        "refer",
        "pass",
        "papers_seen",
    )
    assert bench.broker.taken[-1][:2] == ("overrides", event.person_id)
    assert bench.call("GET", f"/scans/{scan_id}/verdict").json()["decision"] == "refer"


def test_a_retry_with_its_key_is_the_same_word_and_another_is_another(
    bench: Bench, scan_id: str
) -> None:
    told = [
        bench.post(f"/scans/{scan_id}/override", body, "checkpoint", **{"Idempotency-Key": "k"})
        for body in (word(), word(), word("turn_back"))
    ]
    first, again, other = (answer.json()["event_id"] for answer in told)
    assert first == again != other


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (word("refer"), "decision"),
        (word(reason="because"), "reason"),
        (word(overridden_at="2999-01-01"), "overridden_at"),
    ],
)
def test_a_word_that_changes_nothing_or_says_no_known_reason_is_refused_by_field(
    bench: Bench, scan_id: str, body: dict[str, Any], field: str
) -> None:
    answer = bench.post(f"/scans/{scan_id}/override", body, "checkpoint")
    assert (answer.status_code, [fault["field"] for fault in answer.json()["errors"]]) == (
        422,
        [field],
    )
    assert len(bench.broker.events) == 1


def test_a_scan_without_a_verdict_cannot_be_decided_otherwise_yet(bench: Bench) -> None:
    assert (
        bench.post(
            "/scans/00000000-0000-4000-8000-000000000000/override", word(), "checkpoint"
        ).status_code
        == 404
    )
