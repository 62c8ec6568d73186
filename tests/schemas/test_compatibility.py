"""Every schema reads what the commit before wrote: old records stay readable."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import fastavro
import msgspec
import pytest
from fastavro.read import SchemaResolutionError

from schemas.contract.codec import AVRO, EVENT_TYPES, schema
from tests.schemas.avro_values import avro_values

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "schemas" / "contract" / "examples"


def before(name: str) -> dict[str, Any] | None:
    """Returns the schema of the commit before; None if it had none, or there is no history."""
    shown = subprocess.run(
        ["git", "show", f"HEAD~1:schemas/contract/avro/{name}.avsc"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if shown.returncode != 0:
        return None
    schema_before: dict[str, Any] = json.loads(shown.stdout)
    return schema_before


def reread(written: dict[str, Any], newest: dict[str, Any], record: Any) -> Any:
    body = io.BytesIO()
    old = fastavro.parse_schema(written)
    fastavro.schemaless_writer(
        body, old, {field["name"]: record.get(field["name"]) for field in written["fields"]}
    )
    body.seek(0)
    return fastavro.schemaless_reader(body, old, fastavro.parse_schema(newest))


def ordinary(name: str) -> Any:
    path = next(EXAMPLES.glob(f"*/1/{name}.ordinary.json"))
    return avro_values(msgspec.json.decode(path.read_bytes(), type=EVENT_TYPES[name]))


@pytest.mark.parametrize("name", sorted(path.stem for path in AVRO.glob("*.avsc")))
def test_newest_schema_reads_what_the_commit_before_wrote(name: str) -> None:
    written = before(name) or schema(name)
    assert set(reread(written, schema(name), ordinary(name))) == {
        field["name"] for field in schema(name)["fields"]
    }


def test_the_guard_bites_on_a_new_field_without_a_default() -> None:
    newest = schema("FlagCleared") | {
        "fields": [*schema("FlagCleared")["fields"], {"name": "new", "type": "string"}]
    }
    with pytest.raises(SchemaResolutionError):
        reread(schema("FlagCleared"), newest, ordinary("FlagCleared"))
