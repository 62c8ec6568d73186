"""A release with newer schemas works beside the older one, and both fold the same topics.

The newer one writes what the older one has never seen.
"""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2

from infra.kafka.producer import Output
from infra.kafka.registry import CONTENT_TYPE, subject_of
from infra.settings import Settings
from schemas.contract import codec
from schemas.contract.avro_form import WriteRecord, record_writer
from schemas.contract.events import DeclarationSubmitted, Event
from schemas.contract.topics import DECLARATIONS
from streams.state import StateStore, _position_key
from tests.chaos.guests import changed, guest
from tests.chaos.inputs import encoded_as
from tests.chaos.rig import Rig
from tests.live_world import write_outputs
from tests.schemas.avro_values import avro_values

RENEWED = ("DeclarationSubmitted", "JourneyIdentified", "ScanIdentified", "FlagRaised")
ADDED = {
    "name": "added_later",
    "type": "string",
    "default": "",
    "doc": "A field that the next release knows.",
}
today = codec.schema


def newer_schema(name: str) -> dict[str, Any]:
    """Returns the schema as the next release has it."""
    if name not in RENEWED:
        return today(name)
    newer = copy.deepcopy(today(name))
    newer["fields"].append(ADDED)
    return newer


class Without:
    """Makes an event of today from a record of the next release.

    Nothing in today's code asks for its last field.
    """

    def __init__(self, event: type[Event]) -> None:
        self._event = event
        self.__struct_fields__ = (*event.__struct_fields__, ADDED["name"])

    def __call__(self, *values: Any) -> Event:
        return self._event(*values[:-1])


def newer_types() -> dict[str, Any]:
    """Returns what makes the events of the next release."""
    return {**codec.RECORD_TYPES, **{name: Without(codec.EVENT_TYPES[name]) for name in RENEWED}}


def newer_writer(schema: Mapping[str, Any]) -> WriteRecord:
    write = record_writer(schema)
    return (lambda event: write(Newer(event))) if schema["name"] in RENEWED else write


class Newer:
    """An event as the next release has it, with the default in its new field."""

    added_later = ADDED["default"]

    def __init__(self, event: Event) -> None:
        self._event = event

    def __getattr__(self, name: str) -> Any:
        return getattr(self._event, name)


def rolling_upgrade(rig: Rig) -> None:
    """Has the newer release's workers of identify and screen join those of today, then leave again.

    A newer door writes declarations in that time. Before, the positions are as a release left them
    that did not know which log they are of.
    """
    rig.load.put(rig.world.events[:50], ())
    rig.load.settle()
    rig.wait_drained("screen")
    for stage in ("link", "identify", "screen"):
        with rig.stopped(stage):
            forget_logs(rig.state_of(stage) / "rocksdb")
    ids = {name: register(rig.stack.settings, name) for name in RENEWED}
    events = rig.world.events[50:]
    declarations = [event for event in events if isinstance(event, DeclarationSubmitted)]
    by_newer_door = declarations[:150]
    ids_of_newer_door = {event.event_id for event in by_newer_door}
    rest = [event for event in events if event.event_id not in ids_of_newer_door]
    newer = changed("newer-schema")
    with guest(rig.stack, "identify", 4, **newer), guest(rig.stack, "screen", 4, **newer):
        rig.load.put(rest[::2], rig.world.citizens[::2])
        schema_id = ids["DeclarationSubmitted"]
        write_outputs(
            rig.stack.settings, [newer_output(event, schema_id) for event in by_newer_door]
        )
        rig.load.settle()
        rig.wait_drained("screen")
    rig.load.put(rest[1::2], rig.world.citizens[1::2])
    rig.load.settle()


def forget_logs(directory: Path) -> None:
    """Leaves offsets alone in a state, as earlier releases stored positions."""
    store = StateStore(directory)
    for (topic, partition), position in store.positions().items():
        store._db.put(_position_key(topic, partition), str(position.next_offset).encode())
    store.close()


def newer_output(event: DeclarationSubmitted, schema_id: int) -> Output:
    values = avro_values(event) | {"added_later": "said by a newer door"}
    return Output(
        DECLARATIONS,
        event.document_key,
        encoded_as(schema_id, newer_schema("DeclarationSubmitted"), values),
    )


def register(settings: Settings, name: str) -> int:
    """Registers the schema as the newer release does at its start.

    The registry sees to it that today's schema can read what the newer one writes.
    """
    body = {"schema": json.dumps(newer_schema(name), ensure_ascii=False)}
    address = f"{settings.registry}/subjects/{subject_of(name)}/versions"
    answer = httpx2.post(address, json=body, headers=CONTENT_TYPE, timeout=30)
    answer.raise_for_status()
    return int(answer.json()["id"])
