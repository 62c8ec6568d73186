"""The doors as a whole: what is refused and how, and what gets into the logs."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from api.backends.broker import KafkaBroker
from infra.errors import Unavailable
from schemas.contract.codec import Codec
from schemas.contract.topics import REGISTRY_CITIZENS
from tests.api.conftest import CARD, Bench, scan_of
from tests.plain_settings import plain_settings
from tests.streams.fakes import SchemaFiles
from tests.streams.people import citizen


class Broken:
    """A producer that took a fatal error: librdkafka's does so when it cannot mend its sequence."""

    def __init__(self, real: Any) -> None:
        self.poll, self.flush = real.poll, real.flush

    def produce(self, *args: Any, **options: Any) -> None:
        raise KafkaException(KafkaError(KafkaError._FATAL, fatal=True))


def test_broker_away_is_503_with_retry_after(bench: Bench, declaration: dict[str, Any]) -> None:
    bench.broker.away = True
    answer = bench.post("/declarations", declaration)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    bench.broker.away = False
    assert bench.post("/declarations", declaration).status_code == 202


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
