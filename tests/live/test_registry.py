"""The registry knows every schema and refuses one that cannot read its past.

Confluent's own clients read what we write.
"""

import json
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from infra.errors import SetupError
from infra.kafka import registry as registry_module
from infra.kafka.provision import provision
from infra.kafka.registry import Registry, subject_of
from infra.settings import Settings
from schemas.contract.codec import EVENT_TYPES, Codec, schema
from schemas.contract.errors import Poison
from schemas.contract.events import Event
from tests.running_stack import RunningStack

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # importing it warns of a library it could use and we do not
    from confluent_kafka.schema_registry import SchemaRegistryClient
    from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
    from confluent_kafka.serialization import MessageField, SerializationContext

pytestmark = pytest.mark.live

EXAMPLES = sorted(
    (Path(__file__).parents[2] / "schemas" / "contract" / "examples").glob("*/1/*.ordinary.json")
)


@pytest.fixture(scope="module")
def provisioned(servers: RunningStack) -> Settings:
    provision(servers.settings)
    provision(servers.settings)
    return servers.settings


@pytest.fixture
def registry(provisioned: Settings) -> Iterator[Registry]:
    with closing(Registry(provisioned)) as registry:
        yield registry


def read_example(path: Path) -> Event:
    event: Event = msgspec.json.decode(path.read_bytes(), type=EVENT_TYPES[path.name.split(".")[0]])
    return event


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_confluents_clients_read_ours_and_ours_read_theirs(
    provisioned: Settings, registry: Registry, path: Path
) -> None:
    event, codec = read_example(path), Codec(registry)
    context = SerializationContext(path.parts[-3], MessageField.VALUE)
    config = {
        "auto.register.schemas": False,
        "subject.name.strategy": lambda context, name: subject_of(type(event).__name__),
    }
    with SchemaRegistryClient({"url": provisioned.registry}) as confluent:
        read = AvroDeserializer(confluent)(codec.encode(event), context)
        written = AvroSerializer(
            confluent, json.dumps(schema(type(event).__name__), ensure_ascii=False), conf=config
        )(read, context)
    assert codec.decode(written) == event


def test_schema_that_cannot_read_its_past_is_refused(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_default = {"name": "new", "type": "string", "doc": "No default."}
    changed = schema("FlagCleared") | {
        "fields": [*schema("FlagCleared")["fields"], without_default]
    }
    monkeypatch.setattr(
        registry_module, "schema", lambda name: changed if name == "FlagCleared" else schema(name)
    )
    with pytest.raises(SetupError, match=r"refuses FlagCleared\.avsc"):
        registry.register_all()


def test_process_whose_registry_is_away_works_from_what_was_learnt(
    provisioned: Settings, registry: Registry
) -> None:
    event = read_example(EXAMPLES[0])
    elsewhere = provisioned.model_copy(update={"registry_url": "http://127.0.0.1:9"})
    with closing(Registry(elsewhere)) as away:
        assert Codec(away).decode(Codec(registry).encode(event)) == event
        assert Codec(away).encode(event) == Codec(registry).encode(event)


def test_id_that_the_registry_does_not_know_is_poison(registry: Registry) -> None:
    with pytest.raises(Poison, match="not in the registry"):
        Codec(registry).decode(b"\x00\x7f\xff\xff\xff")


def test_a_memory_of_another_registry_is_not_believed(
    provisioned: Settings, registry: Registry, tmp_path: Path
) -> None:
    """A data directory of another cluster remembers other ids; events would be misread."""
    right, other = "DeclarationSubmitted", "CheckpointScanned"
    schema_id = registry.id_of(right)
    memory = tmp_path / "schemas"
    memory.mkdir()
    (memory / f"{schema_id}.json").write_text(json.dumps(schema(other)))
    elsewhere = provisioned.model_copy(update={"data_dir": tmp_path})
    with closing(Registry(elsewhere)) as foreign:
        assert foreign.id_of(other) == registry.id_of(other) != schema_id
        read = foreign.schema_of(schema_id)
    assert read is not None
    assert read["name"] == right
