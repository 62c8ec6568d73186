"""Poison on the real path is set aside whole while the rest goes on.

Too much of it holds the stage until somebody releases it.
"""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import msgspec
import orjson
import pytest

from infra.clickhouse.client import connect
from infra.environment import for_child
from infra.kafka.producer import BatchProducer, Output
from infra.kafka.registry import Registry
from infra.settings import CHECKOUT, Settings
from infra.stack.parts import metrics_port
from infra.tools.letters.find import Letter, find, named
from schemas.contract.codec import Codec
from schemas.contract.topics import DECLARATIONS
from tests.live_world import Writer
from tests.running_stack import RunningStack
from tests.streams.people import declaration
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live

ENTRIES = "SELECT count() FROM declarations FINAL WHERE entry_id = {entry:UUID}"


def write_poison(settings: Settings, *values: bytes) -> None:
    asyncio.run(
        BatchProducer(settings).write(Output(DECLARATIONS, "poison", value) for value in values)
    )


def test_poison_is_kept_whole_with_its_reason_and_what_follows_goes_through(
    path: RunningStack,
) -> None:
    write_poison(path.settings, b'{"json": 1}', b"\x00\x7f\xff\xff\xff")
    after = declaration("after the poison", document_key="poison")
    Writer(path.settings).write_doors([after])
    with connect(path.settings, "reader") as client:
        query = """
            SELECT record_value, reason, stage FROM dead_letters FINAL
            WHERE source_topic = 'declarations' ORDER BY source_offset
        """

        def both_letters() -> Sequence[Sequence[Any]] | None:
            rows: Sequence[Sequence[Any]] = client.query(query).result_rows
            return rows if len(rows) >= 2 else None

        letters = wait_until(both_letters, what="the dead letters", poll_s=0.3)
        assert [reason for _, reason, _ in letters] == [
            "no frame: first byte is 123, not 0",
            "schema 2147483647 is not in the registry",
        ]
        assert {stage for _, _, stage in letters} == {"identify"}
        entry = {"entry": after.event_id}
        wait_until(
            lambda: client.query(ENTRIES, parameters=entry).result_rows[0][0],
            what="the record after the poison",
        )


def test_too_much_poison_holds_the_stage_until_it_is_released(tmp_path: Path) -> None:
    stack = RunningStack.plan(tmp_path, dead_letters_max=3)
    readyz = f"http://127.0.0.1:{metrics_port(stack.settings, 'identify', 0)}/readyz"

    def readiness() -> tuple[int, str]:
        try:
            response = httpx2.get(readyz, timeout=10)
        except httpx2.HTTPError:
            return 0, ""
        return response.status_code, response.text

    def is_held() -> bool:
        status, text = readiness()
        return status == 503 and "(limit 3)" in text

    try:
        stack.require("identify")
        write_poison(stack.settings, *([b"{}"] * 4))
        wait_until(is_held, what="the stage to be held")
        way_out = "mend the cause, then 'dibiendong release identify'"
        log_lines = wait_until(
            lambda: [line for line in stack.log("identify").splitlines() if "is held" in line],
            what="the log to say so",
        )
        assert orjson.loads(log_lines[0])["level"] == "error"
        assert way_out in log_lines[0]
        held = 'dibiendong_stage_held{stage="identify"} 1.0'
        wait_until(lambda: held in metrics_text(stack.settings), what="the held stage to come back")
        assert way_out in readiness()[1]
        status = command(stack.settings, "status", code=1)
        assert "identify-0 is held: " in status
        assert way_out in status
        parts = orjson.loads(command(stack.settings, "status", "--json", code=1))
        (condition,) = [part for part in parts if part["name"] == "identify-0"]
        assert condition["state"] == "held"
        assert way_out in condition["note"]
        starts = stack.log("identify").count("stage starts")
        released = command(stack.settings, "release", "identify")
        assert "identify, worker 0, released" in released
        wait_until(
            lambda: stack.log("identify").count("stage starts") > starts,
            what="the stage to work again",
        )
        wait_until(
            lambda: "(limit 3)" in readiness()[1],
            what="the stage to be held again, for nothing was mended",
        )
    finally:
        stack.down()


def metrics_text(settings: Settings) -> str:
    try:
        return httpx2.get(
            f"http://127.0.0.1:{metrics_port(settings, 'identify', 0)}/metrics", timeout=10
        ).text
    except httpx2.HTTPError:
        return ""


def command(settings: Settings, *words: str, code: int = 0) -> str:
    program = [sys.executable, "-c", "from infra.tools.cli import main; main()", *words]
    done = subprocess.run(
        program,
        env=for_child(settings) | {"COLUMNS": "300"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=BOUND_S,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def letters_of(settings: Settings, value: bytes) -> list[Letter]:
    letters = find(settings, topic="declarations", settled=True, limit=1_000)
    return [letter for letter in letters if letter.value == value]


def test_letters_are_read_as_far_as_they_go_and_settled_once(
    path: RunningStack, tmp_path: Path
) -> None:
    """Each of three letters has its own outcome, and no other letter is touched.

    One is mended, one is put back as it was, one is discarded.
    """
    settings, codec = path.settings, Codec(Registry(path.settings))
    good = declaration("mended later", document_key="letters")
    whole = codec.encode(good)
    rubbish = (f"rubbish {uuid4()}".encode(), f"rubbish {uuid4()}".encode())
    write_poison(settings, whole[:-3], *rubbish)

    def letter(value: bytes) -> Letter:
        return wait_until(lambda: next(iter(letters_of(settings, value)), None), what="the letter")

    cut, replayed, discarded = map(letter, (whole[:-3], *rubbish))
    assert cut.name in command(
        settings, "letters", "--topic", "declarations", "--reason", "does not fit"
    )
    of_the_cut = orjson.loads(command(settings, "letters", cut.name))
    assert of_the_cut["trouble"].startswith("schema")
    of_the_rubbish = orjson.loads(command(settings, "letters", replayed.name))
    assert "rubbish" in of_the_rubbish["fields"]["text"]

    file = tmp_path / "mended.json"
    file.write_bytes(
        orjson.dumps({"event": "DeclarationSubmitted", "fields": {"event_id": good.event_id}})
    )
    assert "missing required field" in command(
        settings, "letters", cut.name, "--mended", str(file), code=2
    )
    file.write_bytes(
        orjson.dumps({"event": "DeclarationSubmitted", "fields": msgspec.to_builtins(good)})
    )
    command(settings, "letters", cut.name, "--mended", str(file))
    command(settings, "letters", replayed.name, "--replay")
    command(settings, "letters", discarded.name, "--discard")

    def outcomes() -> list[str]:
        return [named(settings, letter.name).outcome for letter in (cut, replayed, discarded)]

    wait_until(lambda: outcomes() == ["mended", "replayed", "discarded"], what="the outcomes")
    assert "0 put back, 1 were settled before" in command(
        settings, "letters", replayed.name, "--replay"
    )
    with connect(settings, "reader") as client:
        entry = {"entry": good.event_id}
        wait_until(
            lambda: client.query(ENTRIES, parameters=entry).result_rows[0][0] == 1,
            what="the mended declaration",
        )
    # The rubbish that was put back as it was is set aside again. It is a letter of its own, which
    # nobody has settled.
    wait_until(
        lambda: [letter.outcome for letter in letters_of(settings, rubbish[0])] == ["replayed", ""],
        what="the second letter",
    )


def test_a_name_that_stands_for_no_letter_is_told(path: RunningStack) -> None:
    assert "does not name a dead letter" in command(
        path.settings, "letters", "declarations", code=2
    )
    assert "There is no dead letter" in command(
        path.settings, "letters", "declarations/0/999999", code=2
    )
    assert "Say one of" in command(path.settings, "letters", "--replay", "--discard", code=2)
