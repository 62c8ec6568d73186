"""The schema registry as the codec needs it: ids of our schemas, schemas of any id. What was learnt once is kept on disk,
so that a process starts and works while the registry is away."""

import json
from typing import Any

import httpx2
import orjson

from infra.errors import SetupError, Unavailable
from infra.settings import Settings
from schemas.contract.codec import EVENT_TYPES, schema
from schemas.contract.errors import Busy

NAMESPACE = "vn.dibiendong"
CONTENT_TYPE = {"Content-Type": "application/vnd.schemaregistry.v1+json"}


class Registry:
    """A Confluent-compatible schema registry. Implements `schemas.contract.codec.SchemaIds`."""

    def __init__(self, settings: Settings) -> None:
        # Asked a handful of times in a process's life: no connection is kept in between.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.Client(
            base_url=settings.registry, timeout=settings.request_timeout_s, limits=limits
        )
        self._memory = settings.data_dir / "schemas"
        self._ids: dict[str, int] = {}

    def id_of(self, event_name: str) -> int:
        if event_name not in self._ids:
            self._ids[event_name] = self._remembered_id(event_name) or self._ask_id(event_name)
        return self._ids[event_name]

    def schema_of(self, schema_id: int) -> dict[str, Any] | None:
        remembered = self._memory / f"{schema_id}.json"
        if remembered.exists():
            found: dict[str, Any] = orjson.loads(remembered.read_bytes())
            return found
        response = self._call("GET", f"/schemas/ids/{schema_id}")
        if response.status_code == httpx2.codes.NOT_FOUND:
            return None
        text = response.json()["schema"]
        self._remember(schema_id, text)
        parsed: dict[str, Any] = json.loads(text)
        return parsed

    def register_all(self) -> dict[str, int]:
        """Registers the newest schema of every event; the registry refuses one that breaks its subject's compatibility."""
        self._call("PUT", "/config", json={"compatibility": "BACKWARD"})
        return {name: self._register(name) for name in EVENT_TYPES}

    def close(self) -> None:
        self._client.close()

    def _register(self, event_name: str) -> int:
        response = self._call(
            "POST", f"/subjects/{subject_of(event_name)}/versions", json=_body(event_name)
        )
        if response.status_code == httpx2.codes.CONFLICT:
            message = f"the registry refuses {event_name}.avsc: it cannot read what the version before wrote"
            raise SetupError(message)
        schema_id = int(response.json()["id"])
        self._remember(schema_id, _body(event_name)["schema"])
        return schema_id

    def _ask_id(self, event_name: str) -> int:
        response = self._call("POST", f"/subjects/{subject_of(event_name)}", json=_body(event_name))
        if response.status_code == httpx2.codes.NOT_FOUND:
            raise Busy(f"the schema of {event_name} is not registered yet")
        schema_id = int(response.json()["id"])
        self._remember(schema_id, _body(event_name)["schema"])
        return schema_id

    def _remembered_id(self, event_name: str) -> int | None:
        wanted = schema(event_name)
        for path in self._memory.glob("*.json"):
            if orjson.loads(path.read_bytes()) == wanted:
                return int(path.stem)
        return None

    def _remember(self, schema_id: int, text: str) -> None:
        self._memory.mkdir(parents=True, exist_ok=True)
        path = self._memory / f"{schema_id}.json"
        if not path.exists():
            whole = path.with_suffix(".new")
            whole.write_text(text, encoding="utf-8")
            whole.replace(path)

    def _call(self, method: str, path: str, json: Any = None) -> httpx2.Response:
        try:
            response = self._client.request(method, path, json=json, headers=CONTENT_TYPE)
        except httpx2.HTTPError as error:
            raise Unavailable("schema registry", type(error).__name__) from error
        if response.is_server_error:
            raise Unavailable("schema registry", f"it answers {response.status_code}")
        return response


def subject_of(event_name: str) -> str:
    """One subject per record type, whatever topic it travels in (Confluent's RecordNameStrategy)."""
    return f"{NAMESPACE}.{event_name}"


def _body(event_name: str) -> dict[str, str]:
    return {"schema": json.dumps(schema(event_name), ensure_ascii=False)}
