"""Every table made again from five million records beside the live ones, and held against a replay: records a second, and how long the swap
keeps the live stage waiting."""

import asyncio
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec

from infra.kafka.offsets import ends
from infra.kafka.producer import BatchProducer, Output
from infra.kafka.registry import Registry
from infra.settings import CHECKOUT, Settings
from infra.tools.rebuild.compare import Comparison
from infra.tools.rebuild.models import READ_MODELS, topics_of
from infra.tools.rebuild.progress import wait_until_at
from infra.tools.rebuild.shadow import shadow_database
from infra.tools.rebuild.swap import swap
from infra.tools.rebuild.verify import compare
from schemas.contract.codec import Codec
from schemas.contract.events import FlagRaised, JourneyIdentified, ScanIdentified
from schemas.contract.topics import FLAGS, JOURNAL, Topic
from tests.bench.figures import Figure
from tests.running_stack import RunningStack

PEOPLE = 1_000_000
KINDS: tuple[tuple[Topic, type[Any], str], ...] = (
    (JOURNAL, JourneyIdentified, "entry_id"),
    *((JOURNAL, ScanIdentified, "entry_id") for _ in range(3)),
    (FLAGS, FlagRaised, "flag_id"),
)
"""What each person does, by topic, event, and the field with its id."""
EVENTS = PEOPLE * len(KINDS)
AT_A_TIME = 100_000
SOMEBODY, SOMETHING = "0f" * 16, "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"


def rebuild(_settings: Settings) -> list[Figure]:
    """A stack of its own, of which only `project` runs. What a rebuild and a verification do, one after the other over one replay."""
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(
            Path(directory), request_timeout_s=60.0, start_timeout_s=300.0
        )  # a busy machine is no fault of theirs
        try:
            stack.require("topics", "migrations")
            _write(stack.settings)
            stack.require("project")
            live_s = _until_written(stack.settings)
            with shadow_database(stack.settings, READ_MODELS) as made:
                replay_s = _until_written(made.settings)
                begun = time.monotonic()
                found = compare(
                    Comparison(stack.settings, made.settings.clickhouse_database),
                    READ_MODELS,
                    lambda: None,
                )
                compared_s = time.monotonic() - begun
                closed_s = swap(stack.settings, made, READ_MODELS)
        finally:
            stack.down()
    assert not [one.model.table for one in found if one.people]
    rows = sum(one.contents.live_rows for one in found)
    circumstances = {
        "records": EVENTS,
        "people": PEOPLE,
        "rows": rows,
        "workers": 1,
        "partitions": stack.settings.partitions,
    }
    return [
        Figure(
            "rebuild: records per second, every table",
            EVENTS / replay_s,
            "1/s",
            None,
            True,
            circumstances,
        ),
        Figure(
            "rebuild: the live stage waits at the swap", closed_s, "s", None, False, circumstances
        ),
        Figure(
            "verify: comparison by hash after the replay",
            compared_s,
            "s",
            None,
            False,
            circumstances,
        ),
        Figure(
            "rebuild: records per second of the live stage before",
            EVENTS / live_s,
            "1/s",
            None,
            True,
            circumstances,
        ),
    ]


def _until_written(settings: Settings) -> float:
    begun = time.monotonic()
    wait_until_at(settings, ends(settings, topics_of(READ_MODELS)), lambda *_: None, lambda: None)
    return time.monotonic() - begun


def _write(settings: Settings) -> None:
    producer, records = BatchProducer(settings), _records(Codec(Registry(settings)))
    for _ in range(0, EVENTS, AT_A_TIME):
        asyncio.run(producer.write(islice(records, AT_A_TIME)))


def _records(codec: Codec) -> Iterator[Output]:
    """Each kind is encoded once, and its ids are put into the bytes: encoding five million would take longer than all the rest."""
    encoded = [
        (topic, codec.encode(_example(topic, event, identity))) for topic, event, identity in KINDS
    ]
    for number in range(PEOPLE):
        person = f"{number:032x}"
        for turn, (topic, value) in enumerate(encoded):
            named = str(UUID(int=number * len(KINDS) + turn)).encode()
            yield Output(
                topic,
                person,
                value.replace(SOMEBODY.encode(), person.encode()).replace(
                    SOMETHING.encode(), named
                ),
            )


def _example(topic: Topic, event: type[Any], identity: str) -> Any:
    file = (
        CHECKOUT
        / "schemas"
        / "contract"
        / "examples"
        / topic.name
        / "1"
        / f"{event.__name__}.ordinary.json"
    )
    said = msgspec.json.decode(file.read_bytes())
    own = {"person_id": SOMEBODY, identity: SOMETHING} | (
        {"declaration_id": SOMETHING} if event is JourneyIdentified else {}
    )
    return msgspec.convert(said | own, event, strict=False)
