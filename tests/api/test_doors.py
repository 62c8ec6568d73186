"""What goes in, what is refused and how."""

import asyncio
import io
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from confluent_kafka import KafkaError, KafkaException
from PIL import Image

from api.backends.broker import KafkaBroker
from api.openapi import description
from infra.errors import Unavailable
from infra.settings import CHECKOUT
from schemas.contract.codec import Codec
from schemas.contract.topics import REGISTRY_CITIZENS
from schemas.domain.documents import paper_serial
from tests.api.conftest import Bench
from tests.plain_settings import plain_settings
from tests.streams.fakes import SchemaFiles
from tests.streams.people import citizen

CARD = "051190000123|212345678|Nguyễn Thị Hoà|17021990|Nữ|Đức Phổ|15042021"


class Broken:
    """A producer that took a fatal error, as librdkafka's does when its sequence cannot be mended."""

    def __init__(self, real: Any) -> None:
        self.poll, self.flush = real.poll, real.flush

    def produce(self, *args: Any, **options: Any) -> None:
        raise KafkaException(KafkaError(KafkaError._FATAL, fatal=True))


def scan_of(shown: str, **more: Any) -> dict[str, Any]:
    return {
        "shown": shown,
        "checkpoint_id": "binh-de",
        "direction": "in",
        "scanned_at": "2021-09-15T10:30:00",
    } | more


def test_declaration_is_accepted_when_the_broker_has_it(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    answer = bench.post("/declarations", declaration)
    event = bench.broker.events[0]
    assert (answer.status_code, answer.json()["declaration_id"]) == (202, event.declaration_id)
    assert (event.birth_date, event.sex, event.departure_at) == (
        "1990-02-17",
        "female",
        datetime(2021, 9, 15, 3, 0, tzinfo=UTC),
    )
    assert bench.broker.taken[0][1] == event.document_key


def test_broker_away_is_503_with_retry_after(bench: Bench, declaration: dict[str, Any]) -> None:
    bench.broker.away = True
    answer = bench.post("/declarations", declaration)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    bench.broker.away = False
    assert bench.post("/declarations", declaration).status_code == 202


@pytest.mark.parametrize("retry", [{"declaration_id": "6b1cb393-7c88-5147-a23f-02a410209ab4"}, {}])
def test_a_retry_makes_the_same_ids(
    bench: Bench, declaration: dict[str, Any], retry: dict[str, str]
) -> None:
    answers = [
        bench.post("/declarations", declaration | retry, **{"Idempotency-Key": "trip-1"}).json()
        for _ in range(2)
    ]
    assert answers[0]["event_id"] == answers[1]["event_id"]
    assert answers[0]["declaration_id"] == answers[1]["declaration_id"]


def test_a_key_used_again_for_something_else_loses_nothing(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    bodies = (declaration, declaration | {"destination_code": "21190"})
    answers = [
        bench.post("/declarations", body, **{"Idempotency-Key": "trip-1"}).json() for body in bodies
    ]
    assert answers[0]["event_id"] != answers[1]["event_id"]
    assert [event.destination_code for event in bench.broker.events] == ["21439", "21190"]


def test_a_producer_that_broke_for_good_is_503_and_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    monkeypatch.setattr("os.kill", lambda pid, sent: ended.append(sent))
    broker = KafkaBroker(plain_settings(data_dir=tmp_path), Codec(SchemaFiles()))
    broker._producer = Broken(broker._producer)
    with pytest.raises(Unavailable):
        asyncio.run(broker.accept(REGISTRY_CITIZENS, None, citizen()))
    broker.close()
    assert ended == [signal.SIGTERM]


def test_a_removed_citizen_is_told_to_the_register(bench: Bench) -> None:
    assert (
        bench.post(
            "/registry/removals", {"person_number": "051190000123", "removed_at": "15/09/2021"}
        ).status_code
        == 202
    )
    table = bench.post_table(
        "/registry/removals/batch", "person_number\n051190000124\n05119000012\n"
    ).json()
    assert (
        table["accepted"],
        table["rows"][0]["line"],
        table["rows"][0]["errors"][0]["field"],
    ) == (1, 3, "person_number")
    assert [event.person_number for event in bench.broker.events] == [
        "051190000123",
        "051190000124",
    ]


def test_policies_come_as_tables_too(bench: Bench) -> None:
    strict = "strict,2021-09-01,red_zone_crossing=turn_back; unknown_document=refer"
    table = f"policy_id,valid_from,decisions\n{strict}\nwrong,2021-09-01,no_rule=pass\n"
    table += "finer,2021-09-01,red_zone_crossing/leaves_red_zone=refer\nwrong,2021-09-01,red_zone_crossing/no_reason=pass\n"
    answer = bench.post_table("/reference/policies/batch", table).json()
    assert (answer["accepted"], [row["errors"][0]["field"] for row in answer["rows"]]) == (
        2,
        ["decisions", "decisions"],
    )
    assert bench.broker.events[0].decisions == {
        "red_zone_crossing": "turn_back",
        "unknown_document": "refer",
    }


def test_policies_are_shown_with_every_value_and_which_is_in_force(bench: Bench) -> None:
    built_in = bench.call("GET", "/reference/policies").json()
    assert [(one["policy_id"], one["in_force"]) for one in built_in["policies"]] == [
        ("built-in", True)
    ]
    assert set(built_in["policies"][0]["policy"]["decisions"]) == set(built_in["rules"])
    bench.call(
        "PUT",
        "/reference/policies/strict",
        json={"valid_from": "2021-09-20", "decisions": {"two_names": "turn_back"}},
    )
    bench.doors.reference.current.add(1, bench.broker.events[0])
    at = {
        name: bench.call("GET", f"/reference/policies?at={name}").json()["policies"]
        for name in ("2021-09-19", "2021-09-21")
    }
    assert [[one["in_force"] for one in policies] for policies in at.values()] == [
        [True, False],
        [False, True],
    ]
    strict = at["2021-09-21"][1]["policy"]
    assert (strict["decisions"]["two_names"], strict["decisions"]["case_at_post"]) == (
        "turn_back",
        "pass",
    )


def test_every_field_at_fault_is_named_at_once_and_nothing_is_written(bench: Bench) -> None:
    wrong = {
        "document_number": "12345678901",
        "full_name": "",
        "birth_date": "31/02/1990",
        "origin_code": "1",
        "extra": 1,
    }
    answer = bench.post("/declarations", wrong)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    fields = {fault["field"] for fault in answer.json()["errors"]}
    assert fields >= {
        "document_number",
        "full_name",
        "birth_date",
        "origin_code",
        "destination_code",
        "departure_at",
        "extra",
    }
    assert bench.broker.taken == []


def test_number_that_contradicts_itself_is_taken_with_a_warning(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    answer = bench.post("/declarations", declaration | {"document_number": "003090000123"})
    assert answer.status_code == 202
    assert {warning["code"] for warning in answer.json()["warnings"]} == {
        "cccd_sex",
        "cccd_unknown_province",
    }


def test_code_is_drawn_as_svg_and_png_and_reads_back(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    accepted = bench.post(
        "/declarations", declaration | {"declared_at": datetime.now(UTC).isoformat()}
    ).json()
    png = bench.call("GET", accepted["qr"], headers={"Accept": "image/png"})
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)))
    assert [barcode.text for barcode in found] == [accepted["token"]]
    assert bench.call("GET", accepted["qr"], headers={"Accept": "image/svg+xml"}).text.startswith(
        "<?xml"
    )
    assert bench.call("GET", accepted["qr"], headers={"Accept": "text/plain"}).status_code == 406


def test_code_of_an_old_or_unknown_declaration_is_not_drawn(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    accepted = bench.post(
        "/declarations", declaration | {"declared_at": "2021-09-15T08:00:00"}
    ).json()
    assert bench.call("GET", accepted["qr"]).status_code == 410
    assert (
        bench.call("GET", "/declarations/00000000-0000-0000-0000-000000000000/qr").status_code
        == 404
    )


def test_a_declaration_is_taken_back_under_its_document_once(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    accepted = bench.post("/declarations", declaration).json()
    ids = {
        bench.post(
            f"/declarations/{accepted['declaration_id']}/cancellation",
            {"cancelled_at": "2021-09-15T08:00:00"},
        ).json()["event_id"]
        for _ in range(2)
    }
    submitted, cancelled, again = bench.broker.events
    assert ids == {cancelled.event_id} == {again.event_id}
    assert (cancelled.declaration_id, cancelled.document_key) == (
        submitted.declaration_id,
        submitted.document_key,
    )
    assert cancelled.cancelled_at == datetime(2021, 9, 15, 1, tzinfo=UTC)
    assert (
        bench.post(
            "/declarations/00000000-0000-0000-0000-000000000000/cancellation", {}
        ).status_code
        == 404
    )


def test_code_of_a_cancelled_or_replaced_declaration_is_drawn_no_more(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    now = datetime.now(UTC)
    cancelled, replaced, newest = (
        bench.post(
            "/declarations",
            declaration | {"declared_at": (now - timedelta(hours=hours)).isoformat()},
        ).json()
        for hours in (3, 2, 1)
    )
    bench.post(f"/declarations/{cancelled['declaration_id']}/cancellation", {})
    bench.post("/declarations", declaration | {"replaces": replaced["declaration_id"]})
    answers = [bench.call("GET", one["qr"]) for one in (cancelled, replaced, newest)]
    assert [answer.status_code for answer in answers] == [410, 410, 200]
    assert answers[0].json()["type"].endswith("declaration-ended")


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


def test_scan_at_a_post_that_a_door_has_not_read_of_yet_is_to_be_sent_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that has just started must not refuse for good what it would take a moment later."""
    monkeypatch.setattr(bench.doors.reference, "ready", False)
    answer = bench.post("/scans", scan_of("212345678", checkpoint_id="nowhere"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert bench.post("/scans", scan_of("212345678")).is_success


def test_body_over_the_limit_is_413_even_when_its_length_is_not_told(bench: Bench) -> None:
    large = b"x" * (bench.settings.body_max_bytes + 1)
    assert bench.call("POST", "/declarations", content=large).status_code == 413
    assert bench.call("POST", "/declarations", content=iter([large])).status_code == 413


def test_more_requests_than_allowed_are_429(bench: Bench) -> None:
    few = Bench(bench.settings.model_copy(update={"rate_limit_per_second": 5}))
    with few.client:
        answers = [few.call("GET", "/reference/version") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert answers[-1].headers["retry-after"] == "1"


def test_fault_of_ours_is_a_500_that_quotes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, declaration: dict[str, Any]
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError("Nguyễn Thị Hoà")

    monkeypatch.setattr(bench.broker, "accept", fail)
    answer = bench.post("/declarations", declaration)
    assert (answer.status_code, answer.json()["type"]) == (
        500,
        "urn:dibiendong:problem:internal-error",
    )
    assert "Hoà" not in answer.text


def test_nothing_personal_gets_into_the_logs(
    bench: Bench, declaration: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.post("/declarations", declaration | {"phone": "0905123987"})
    bench.post(
        "/declarations", declaration | {"phone": "0905123987", "origin_code": "Nguyễn Thị Hoà"}
    )
    bench.post("/scans", scan_of(CARD))
    bench.call(
        "GET", "/people/lookup?document=051190000123", headers={"X-Request-ID": "0905123987 Hoa"}
    )
    logged = "".join(capsys.readouterr())
    assert '"request"' in logged or "request" in logged
    for personal in ("Hoà", "051190000123", "212345678", "0905123987", "Nguy"):
        assert personal not in logged


def test_request_id_goes_in_and_comes_out(bench: Bench) -> None:
    assert (
        bench.call("GET", "/livez", headers={"X-Request-ID": "trip-7"}).headers["x-request-id"]
        == "trip-7"
    )
    assert (
        len(
            bench.call("GET", "/livez", headers={"X-Request-ID": "bad id!"}).headers["x-request-id"]
        )
        == 32
    )


def test_description_of_the_doors_is_the_one_checked_in() -> None:
    assert (CHECKOUT / "api" / "openapi.json").read_text(encoding="utf-8") == description(), (
        "run python -m api.openapi > api/openapi.json"
    )


def test_every_route_and_field_that_says_so_is_described(bench: Bench) -> None:
    told = bench.app.openapi()
    assert [
        f"{method} {path}"
        for path, of in told["paths"].items()
        for method, one in of.items()
        if not one.get("description")
    ] == []
    forward = told["components"]["schemas"]["ForwardIn"]["properties"]
    assert forward["contacts_isolated_at"]["description"].startswith("Until then whoever it led to")
