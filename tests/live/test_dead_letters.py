"""Poison on the real path: set aside whole while the rest goes on; too much of it holds the stage until somebody releases it."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from infra.clickhouse.client import connect
from infra.kafka.producer import BatchProducer, Output
from infra.local.parts import metrics_port
from infra.settings import CHECKOUT, Settings
from schemas.topics import DECLARATIONS
from tests.live_world import Writer
from tests.running_stack import RunningStack
from tests.streams.people import declaration
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def write_poison(settings: Settings, *values: bytes) -> None:
    asyncio.run(BatchProducer(settings).write(Output(DECLARATIONS, "poison", value) for value in values))


def test_poison_is_kept_whole_with_its_reason_and_what_follows_goes_through(path: RunningStack) -> None:
    write_poison(path.settings, b'{"json": 1}', b"\x00\x7f\xff\xff\xff")
    after = declaration("after the poison", document_key="poison")
    Writer(path.settings).write_doors([after])
    with connect(path.settings, "reader") as client:
        query = "SELECT record_value, reason, stage FROM dead_letters FINAL WHERE source_topic = 'declarations' ORDER BY source_offset"
        letters = wait_until(lambda: len(rows := client.query(query).result_rows) >= 2 and rows, 30, what="the dead letters", poll_s=0.3)
        assert [row[1] for row in letters] == ["no frame: first byte is 123, not 0", "schema 2147483647 is not in the registry"]
        assert {row[2] for row in letters} == {"identify"}
        found = "SELECT count() FROM declarations FINAL WHERE entry_id = {entry:UUID}"
        entry = {"entry": after.event_id}
        wait_until(lambda: client.query(found, parameters=entry).result_rows[0][0], 30, what="the record after the poison")


def test_too_much_poison_holds_the_stage_until_it_is_released(tmp_path: Path) -> None:
    stack = RunningStack.plan(tmp_path, dead_letters_max=3)
    readyz = f"http://127.0.0.1:{metrics_port(stack.settings, 'identify', 0)}/readyz"

    def readiness() -> tuple[int, str]:
        try:
            answer = httpx2.get(readyz, timeout=2)
        except httpx2.HTTPError:
            return 0, ""
        return answer.status_code, answer.text

    try:
        stack.require("identify")
        write_poison(stack.settings, *([b"{}"] * 4))
        wait_until(lambda: readiness()[0] == 503 and "(limit 3)" in readiness()[1], 60, what="the stage to be held")
        command = [sys.executable, "-c", "from infra.cli import main; main()", "release", "identify"]
        told = subprocess.run(command, env=stack.env, cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=30)
        assert "identify, worker 0, released" in told.stdout
        wait_until(lambda: readiness()[0] in (200, 503), 60, what="the stage to answer again")
    finally:
        stack.down()
