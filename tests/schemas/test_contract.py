"""The contract holds together: schemas, events, topic pages and examples say the same."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from schemas.contract.codec import AVRO, EVENT_TYPES, RECORD_TYPES, Codec, schema
from schemas.contract.errors import Poison
from schemas.contract.events import EVENTS, Event, HeldDocument
from schemas.contract.topics import DEAD_LETTER_TOPICS, HERE, MAIN_TOPICS, TOPICS, read_page
from schemas.contract.upcast import upcast
from tests.schemas.random_records import named_in
from tests.streams.fakes import SchemaFiles

EXAMPLES = Path(__file__).parents[2] / "schemas" / "contract" / "examples"
PSEUDONYMOUS = {"journal", "flags", "verdicts"}


def payloads() -> list[Path]:
    return sorted(EXAMPLES.glob("*/[0-9]*/*.json"))


def poison() -> list[Path]:
    return sorted(EXAMPLES.glob("*/poison/*.json"))


PLAIN = {
    "string": str,
    "bytes": bytes,
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
}
LOGICAL = {"timestamp-millis": datetime, "date": date}


def says_the_same(annotation: Any, written: Any) -> bool:
    """Returns whether every value that the schema lets through is one of the annotated type.

    Nothing else looks at the values that were read.
    """
    named = named_in(written)

    def same(annotation: Any, written: Any) -> bool:  # noqa: PLR0911 -- one for each kind of type
        annotation = getattr(annotation, "__supertype__", annotation)
        inside = get_args(annotation)
        match named.get(written, written) if isinstance(written, str) else written:
            case ["null", kind]:
                return len(inside) == 2 and inside[1] is NoneType and same(inside[0], kind)
            case {"type": "record", "name": name, "fields": fields}:
                is_record = annotation is RECORD_TYPES[name]
                hints = get_type_hints(annotation) if is_record else {}
                return all(same(hints.get(field["name"]), field["type"]) for field in fields)
            case {"type": "enum", "symbols": symbols}:
                return get_origin(annotation) is Literal and set(inside) == set(symbols)
            case {"type": "array", "items": kind}:
                return get_origin(annotation) is list and same(inside[0], kind)
            case {"type": "map", "values": kind}:
                return (
                    get_origin(annotation) in (dict, Mapping)
                    and inside[0] is str
                    and same(inside[1], kind)
                )
            case {"logicalType": logical}:
                return annotation is LOGICAL[logical]
            case {"type": kind}:
                return same(annotation, kind)
        return written in PLAIN and annotation is PLAIN[written]

    return same(annotation, written)


def read_example(path: Path) -> Event:
    event: Event = msgspec.json.decode(path.read_bytes(), type=EVENT_TYPES[path.name.split(".")[0]])
    return event


@pytest.fixture
def codec() -> Codec:
    return Codec(SchemaFiles())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_event_and_avro_schema_have_the_same_fields_those_that_may_be_left_out_last(
    event: type[Event],
) -> None:
    written, defaults = schema(event.__name__), len(event.__struct_defaults__)
    required, optional = (
        event.__struct_fields__[: -defaults or None],
        event.__struct_fields__[-defaults or len(written["fields"]) :],
    )
    fields = [field["name"] for field in written["fields"]]
    assert [*required] == [name for name in fields if name in required]
    assert [*optional] == [name for name in fields if name in optional]
    assert len(required) + len(optional) == len(fields)
    assert all(field.get("doc") for field in written["fields"])


@pytest.mark.parametrize("path", payloads(), ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_every_example_goes_over_the_wire_and_comes_back_the_same(path: Path, codec: Codec) -> None:
    event = read_example(path)
    assert codec.decode(codec.encode(event)) == event


@pytest.mark.parametrize("path", poison(), ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_every_poison_example_is_refused_for_its_reason(path: Path, codec: Codec) -> None:
    example = json.loads(path.read_text())
    event = next(iter(next(topic for topic in TOPICS if topic.name == path.parts[-3]).events))
    frame = bytes.fromhex(example["hex"].replace("{id}", f"{SchemaFiles().id_of(event):08x}"))
    with pytest.raises(Poison, match=example["reason"]):
        codec.decode(frame)


def test_every_event_has_a_schema_a_topic_and_an_ordinary_example_and_there_are_no_orphans() -> (
    None
):
    names = {event.__name__ for event in EVENTS}
    assert names == {path.stem for path in AVRO.glob("*.avsc")}
    assert names == {name for topic in TOPICS for name in topic.events}
    assert names == {
        path.name.split(".")[0] for path in payloads() if path.name.endswith(".ordinary.json")
    }
    assert {topic.name for topic in TOPICS} == {
        read_page(path).name for path in HERE.glob("*.yaml")
    }


def test_every_topic_has_its_dead_letters_and_no_dead_letter_topic_stands_alone() -> None:
    consumed = [topic for topic in MAIN_TOPICS if topic.consumers]
    assert [topic.dead_letters for topic in consumed] == [
        topic.name for topic in DEAD_LETTER_TOPICS
    ]
    assert not any(topic.dead_letters for topic in MAIN_TOPICS if not topic.consumers)


def test_an_unknown_key_on_a_topic_page_is_refused(tmp_path: Path) -> None:
    page = (HERE / "flags.yaml").read_text() + "compatability: NONE\n"
    (tmp_path / "page.yaml").write_text(page)
    with pytest.raises(TypeError, match="compatability"):
        read_page(tmp_path / "page.yaml")


def personal_fields(topic_events: dict[str, int]) -> list[str]:
    personal = list[str]()
    for name in topic_events:
        fields = [field for field in schema(name)["fields"] if field.get("pii")]
        personal += [f"{name}.{field['name']}" for field in fields]
    return personal


@pytest.mark.parametrize(
    "topic", [topic for topic in TOPICS if topic.name in PSEUDONYMOUS], ids=str
)
def test_no_field_that_names_a_person_is_in_a_pseudonymous_topic(topic: Any) -> None:
    assert personal_fields(topic.events) == []


def test_the_privacy_guard_bites() -> None:
    assert "DeclarationSubmitted.full_name" in personal_fields({"DeclarationSubmitted": 1})


def test_upcasters_run_in_a_chain_from_the_writers_version() -> None:
    steps = {
        ("Event", 1): lambda record: record | {"b": record["a"]},
        ("Event", 2): lambda record: record | {"c": record["b"] + 1},
    }
    assert upcast("Event", {}, {"a": 1}, steps) == {"a": 1, "b": 1, "c": 2}
    assert upcast("Event", {"version": 2}, {"b": 5}, steps) == {"b": 5, "c": 6}
    assert upcast("Event", {"version": 3}, {}, steps) == {}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_event_and_avro_schema_say_the_same_of_every_field(event: type[Event]) -> None:
    assert says_the_same(event, schema(event.__name__))


@pytest.mark.parametrize(
    ("annotation", "written"),
    [
        (str, "long"),
        (int | None, "int"),
        (str, ["null", "string"]),
        (list[str], {"type": "array", "items": "int"}),
        (
            Literal["in", "out"],
            {"type": "enum", "name": "Direction", "symbols": ["in", "out", "through"]},
        ),
        (
            HeldDocument,
            {
                "type": "record",
                "name": "HeldDocument",
                "fields": [{"name": "kind", "type": "string"}],
            },
        ),
    ],
)
def test_a_field_that_is_annotated_otherwise_is_noticed(annotation: Any, written: Any) -> None:
    assert not says_the_same(annotation, written)
