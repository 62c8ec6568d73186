"""Queries the schema registry for what the codec needs: ids of our schemas, schemas of any id.

What it has learnt once lies on disk, so that a process starts and works while the registry is away.
Otherwise the registry's own word holds: the directory may be of another registry, with other ids.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

import httpx2
import orjson

from infra.errors import SetupError, Unavailable
from infra.settings import Settings
from schemas.contract.codec import EVENT_TYPES, schema
from schemas.contract.errors import Busy

NAMESPACE = "vn.dibiendong"
CONTENT_TYPE = {"Content-Type": "application/vnd.schemaregistry.v1+json"}


AWAY_FOR_S = 1.0
"""A registry that did not answer is not asked again for so long: each try may wait for seconds."""


class Registry:
    """A Confluent-compatible schema registry. Implements `schemas.contract.codec.SchemaIds`."""

    def __init__(self, settings: Settings) -> None:
        # A process sends a handful of requests in its life: no connection stays open in between.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.Client(
            base_url=settings.registry, timeout=settings.request_timeout_s, limits=limits
        )
        self._memory = settings.data_dir / "schemas"
        self._ids: dict[str, int] = {}
        self._away_until = 0.0

    def id_of(self, event_name: str) -> int:
        """Raises `Busy` while the schema is not registered, `Unavailable` without a registry."""
        if event_name not in self._ids:
            self._ids[event_name] = self._id(event_name)
        return self._ids[event_name]

    def schema_of(self, schema_id: int) -> dict[str, Any] | None:
        """Returns None for an id that the registry does not know. Raises `Unavailable`."""
        try:
            response = self._call("GET", f"/schemas/ids/{schema_id}")
        except Unavailable:
            remembered = self._memory / f"{schema_id}.json"
            if not remembered.exists():
                raise
            on_disk: dict[str, Any] = orjson.loads(remembered.read_bytes())
            return on_disk
        if response.status_code == httpx2.codes.NOT_FOUND:
            return None
        text = response.json()["schema"]
        self._remember(schema_id, text)
        parsed: dict[str, Any] = json.loads(text)
        return parsed

    def register_all(self) -> dict[str, int]:
        """Registers the newest schema of every event, and returns the id of each.

        Raises `SetupError` where a schema breaks its subject's compatibility.
        """
        self._call("PUT", "/config", json={"compatibility": "BACKWARD"})
        return {name: self._register(name) for name in EVENT_TYPES}

    def all_schemas(self) -> list[tuple[int, str, str]]:
        """Returns id, subject and text of every version, in the order of the ids.

        Raises `Unavailable`.
        """
        found = {}
        for subject in self._call("GET", "/subjects").json():
            for version in self._call("GET", f"/subjects/{subject}/versions").json():
                entry = self._call("GET", f"/subjects/{subject}/versions/{version}").json()
                found[int(entry["id"])] = (int(entry["id"]), subject, str(entry["schema"]))
        return [found[schema_id] for schema_id in sorted(found)]

    def restore(self, schemas: Sequence[tuple[int, str, str]]) -> None:
        """Registers schemas in an empty registry, under the ids that records name.

        Raises `SetupError` where the registry gives other ids, `Unavailable`.
        """
        self._call("PUT", "/config", json={"compatibility": "BACKWARD"})
        for schema_id, subject, text in sorted(schemas):
            body = {"schema": text}
            response = self._call("POST", f"/subjects/{subject}/versions", json=body)
            given = response.json().get("id")
            if given != schema_id:
                raise SetupError(
                    f"The registry gives {subject} the id {given}, and the records say "
                    f"{schema_id}: restore into an empty registry."
                )
            self._remember(schema_id, text)

    def close(self) -> None:
        self._client.close()

    def _register(self, event_name: str) -> int:
        response = self._call(
            "POST", f"/subjects/{subject_of(event_name)}/versions", json=_body(event_name)
        )
        if response.status_code == httpx2.codes.CONFLICT:
            raise SetupError(
                f"the registry refuses {event_name}.avsc: "
                "it cannot read what the version before wrote"
            )
        schema_id = int(response.json()["id"])
        self._remember(schema_id, _body(event_name)["schema"])
        return schema_id

    def _id(self, event_name: str) -> int:
        try:
            return self._request_id(event_name)
        except Unavailable:
            remembered = self._remembered_id(event_name)
            if remembered is None:
                raise
            return remembered

    def _request_id(self, event_name: str) -> int:
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
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            whole = path.with_suffix(".new")
            whole.write_text(text, encoding="utf-8")
            whole.replace(path)

    def _call(self, method: str, path: str, json: Any = None) -> httpx2.Response:
        if time.monotonic() < self._away_until:
            raise Unavailable("schema registry", "it was away a moment ago")
        try:
            response = self._client.request(method, path, json=json, headers=CONTENT_TYPE)
        except httpx2.HTTPError as error:
            self._away_until = time.monotonic() + AWAY_FOR_S
            raise Unavailable("schema registry", type(error).__name__) from error
        if response.is_server_error:
            self._away_until = time.monotonic() + AWAY_FOR_S
            raise Unavailable("schema registry", f"it answers {response.status_code}")
        return response


def subject_of(event_name: str) -> str:
    """Returns the subject of a record type, whatever topic it travels in.

    The rule is Confluent's RecordNameStrategy.
    """
    return f"{NAMESPACE}.{event_name}"


def _body(event_name: str) -> dict[str, str]:
    return {"schema": json.dumps(schema(event_name), ensure_ascii=False)}
