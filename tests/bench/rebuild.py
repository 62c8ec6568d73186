"""Makes every table again from five million records, and verifies it against a replay.

It measures records a second, and how long the swap keeps the live stage waiting.
"""

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
"""The facts of each person, by topic, event, and the field with its id."""
EVENTS = PEOPLE * len(KINDS)
AT_A_TIME = 100_000
PERSON_ID, EVENT_ID = "0f" * 16, "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"


def rebuild(_settings: Settings) -> list[Figure]:
    """Measures a rebuild and a verification, one after the other over one replay.

    They have a stack of their own, of which only `project` runs.
    """
    with TemporaryDirectory(prefix="bench") as directory:
        # A busy machine is no fault of rebuild or verification: the bounds are wide.
        stack = RunningStack.plan(Path(directory), request_timeout_s=60.0, start_timeout_s=300.0)
        try:
            stack.require("topics", "migrations")
            _write(stack.settings)
            stack.require("project")
            live_s = _until_written(stack.settings)
            with shadow_database(stack.settings, READ_MODELS) as shadow:
                replay_s = _until_written(shadow.settings)
                begun = time.monotonic()
                comparison = Comparison(stack.settings, shadow.settings.clickhouse_database)
                results = compare(comparison, READ_MODELS, lambda: None)
                compared_s = time.monotonic() - begun
                closed_s = swap(stack.settings, shadow, READ_MODELS)
        finally:
            stack.down()
    assert not [result.model.table for result in results if result.people]
    rows = sum(result.contents.live_rows for result in results)
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
    """Yields records that are encoded once for each kind, with the ids put into the bytes.

    Encoding five million would take longer than all the rest.
    """
    encoded = [
        (topic, codec.encode(_example(topic, event, identity))) for topic, event, identity in KINDS
    ]
    for number in range(PEOPLE):
        person = f"{number:032x}"
        for turn, (topic, value) in enumerate(encoded):
            event_id = str(UUID(int=number * len(KINDS) + turn))
            own = value.replace(PERSON_ID.encode(), person.encode())
            own = own.replace(EVENT_ID.encode(), event_id.encode())
            yield Output(topic, person, own)


def _example(topic: Topic, event: type[Any], identity: str) -> Any:
    name = f"{event.__name__}.ordinary.json"
    file = CHECKOUT / "schemas" / "contract" / "examples" / topic.name / "1" / name
    values = msgspec.json.decode(file.read_bytes())
    values |= {"person_id": PERSON_ID, identity: EVENT_ID}
    if event is JourneyIdentified:
        values["declaration_id"] = EVENT_ID
    return msgspec.convert(values, event, strict=False)
