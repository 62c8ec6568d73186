"""Clients and other writers do these things wrong: clocks, repetitions, unusable records."""

import copy
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import fastavro
import httpx2
import msgspec
import orjson
from confluent_kafka import Producer

from infra.kafka.registry import Registry
from infra.settings import CHECKOUT
from infra.tools.doors_client import token_of
from schemas.contract.codec import EVENT_TYPES, FRAME, schema
from schemas.contract.events import CheckpointScanned
from schemas.contract.topics import DEAD_LETTER_TOPICS, DECLARATIONS, TOPICS, Topic
from tests.chaos.load import row_of
from tests.chaos.rig import Rig
from tests.schemas.avro_values import avro_values

MEGABYTES = 5
UNHEARD_OF = "unheard_of"
EXAMPLES = CHECKOUT / "schemas" / "contract" / "examples"


def clock_ahead(rig: Rig) -> None:
    """Sets a checkpoint's clock a day ahead: the door refuses its scans with the reason.

    A trusted source writes such scans past the door, and they are taken as they are.
    """
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    headers = {
        "Authorization": f"Bearer {token_of(rig.stack.settings, 'admin')}",
        "Content-Type": "application/json",
    }
    scans = [event for event in rig.world.events if isinstance(event, CheckpointScanned)][:20]
    with httpx2.Client(base_url=rig.stack.settings.api, headers=headers, timeout=15) as http:
        for scan in scans:
            row = row_of(scan) | {"scan_id": str(uuid4()), "scanned_at": tomorrow}
            response = http.post("/scans", content=orjson.dumps(row))
            rig.demand(
                response.status_code == 422 and "clock" in response.text,
                f"a scan of tomorrow was answered {response.status_code}",
            )
    rig.world.put_off(timedelta(days=1), of_every=10)
    for _ in rig.load.steps(2):
        pass


def week_late(rig: Rig) -> None:
    """Sends a tenth of everything when the rest has been judged long ago.

    Citizens' rows are included.
    """
    events, citizens = rig.world.events, rig.world.citizens
    rig.load.put(events[len(events) // 10 :], citizens[len(citizens) // 10 :])
    rig.load.settle()
    for stage in ("link", "identify", "screen"):
        rig.wait_drained(stage)
    rig.load.put(events[: len(events) // 10], citizens[: len(citizens) // 10])
    rig.load.settle()


def posted_three_times(rig: Rig) -> None:
    for _ in rig.load.steps(2):
        pass
    for _ in range(2):
        rig.load.post([*rig.world.events, *rig.world.citizens])
        rig.load.settle()


@dataclass(frozen=True, slots=True)
class Bad:
    """A record, and the stages that must set it aside."""

    kind: str
    topic: Topic
    value: bytes


def poison(rig: Rig) -> None:
    """Writes every kind of poison to every topic, between the load's own records."""
    bad = list(poisons(Registry(rig.stack.settings)))
    for turn in rig.load.steps(4):
        if turn in (1, 2):
            part = bad[turn - 1 :: 2]
            write(rig, part)
            for record in part:
                rig.checks.letters_wanted.update(
                    (stage, record.topic.name, record.value) for stage in record.topic.consumers
                )


def write(rig: Rig, bad: list[Bad]) -> None:
    producer = Producer(
        {
            "bootstrap.servers": rig.stack.settings.kafka,
            "message.max.bytes": 8_388_608,
            "log_level": 0,
        }
    )
    for record in bad:
        producer.produce(record.topic.name, record.value, b"poison")
    rig.demand(producer.flush(30) == 0, "the poison could not be written")


def poisons(registry: Registry) -> Iterator[Bad]:
    for topic in TOPICS:
        name = next(iter(topic.events))
        whole = encoded(registry, name, ordinary(topic, name))
        yield Bad("truncated", topic, whole[: len(whole) * 2 // 3])
        yield Bad("wrong schema id", topic, FRAME.pack(0, 2**31 - 1) + whole[FRAME.size :])
        yield Bad("5 MB", topic, b"{" + topic.name.encode() + b" " * (MEGABYTES << 20))
        yield from impossible(registry, topic)
        yield from unfit(registry, topic)


def impossible(registry: Registry, topic: Topic) -> Iterator[Bad]:
    """Yields valid Avro that says what cannot be.

    A time is some 36 million years ahead, or an enum's symbol is beyond those there are.
    """
    for name in topic.events:
        values = ordinary(topic, name)
        time = first_field(name, is_time)
        if time is not None:
            late = values | {time: 2**60}
            value = encoded(registry, name, late, written_otherwise(name, time))
            yield Bad("impossible time", topic, value)
        word = first_field(name, is_enum)
        if word is not None:
            unheard = values | {word: UNHEARD_OF}
            value = encoded(registry, name, unheard, written_otherwise(name, word))
            yield Bad("unknown enum", topic, value)


def first_field(name: str, is_of_kind: Callable[[Any], bool]) -> str | None:
    """Returns the name of the event's first field of the kind, if it has one."""
    for field in schema(name)["fields"]:
        if is_of_kind(field["type"]):
            return str(field["name"])
    return None


def unfit(registry: Registry, topic: Topic) -> Iterator[Bad]:
    """Yields valid Avro that fits no table: a pseudonym longer than any.

    It is for topics that only `project` reads, for others would fold it first.
    """
    if topic.consumers != ("project",):
        return
    for name in topic.events:
        values = ordinary(topic, name)
        if "person_id" in values:
            value = encoded(registry, name, values | {"person_id": "9" * 40})
            yield Bad("unfit value", topic, value)


def is_time(kind: Any) -> bool:
    return isinstance(kind, dict) and str(kind.get("logicalType")).startswith("timestamp")


def is_enum(kind: Any) -> bool:
    return isinstance(kind, dict) and kind["type"] == "enum"


def written_otherwise(name: str, field_name: str) -> dict[str, Any]:
    """Returns the event's schema with the same encoding, under which one field may hold more."""
    written = copy.deepcopy(schema(name))
    for field in written["fields"]:
        if field["name"] == field_name and is_time(field["type"]):
            field["type"] = "long"
        elif field["name"] == field_name:
            field["type"]["symbols"].append(UNHEARD_OF)
    return written


def ordinary(topic: Topic, name: str) -> dict[str, Any]:
    """Returns values of the contract's examples.

    The examples of one topic of dead letters stand for all such topics.
    """
    directory = topic.name
    if topic in DEAD_LETTER_TOPICS and DECLARATIONS.dead_letters:
        directory = DECLARATIONS.dead_letters
    file = min((EXAMPLES / directory).glob(f"*/{name}.ordinary.json"))
    event = msgspec.json.decode(file.read_bytes(), type=EVENT_TYPES[name])
    return avro_values(event)


def encoded(
    registry: Registry, name: str, values: dict[str, Any], written: dict[str, Any] | None = None
) -> bytes:
    """Returns the record under the id of the newest schema, whatever it was written with."""
    return encoded_as(registry.id_of(name), written or schema(name), values)


def encoded_as(schema_id: int, written: dict[str, Any], values: dict[str, Any]) -> bytes:
    body = io.BytesIO()
    fastavro.schemaless_writer(body, fastavro.parse_schema(copy.deepcopy(written)), values)
    return FRAME.pack(0, schema_id) + body.getvalue()
