"""The OpenAPI description of the doors: it is checked in, and describes every route."""

import json
from typing import Any

from api.openapi import description
from infra.settings import CHECKOUT
from tests.api.conftest import Bench

RENEW = "run python -m api.openapi > api/openapi.json"
CHECKED_IN = (CHECKOUT / "api" / "openapi.json").read_text(encoding="utf-8")


def test_description_of_the_doors_is_the_one_checked_in() -> None:
    stale = stale_parts(CHECKED_IN, description())
    assert stale == [], f"api/openapi.json is stale at {', '.join(stale)}; {RENEW}"
    assert description() == CHECKED_IN, RENEW


def test_a_route_and_a_model_whose_description_is_stale_are_named() -> None:
    before: dict[str, Any] = json.loads(description())
    before["paths"]["/scans"]["post"]["summary"] = "Another"
    before["paths"]["/gone"] = before["paths"].pop("/cases")
    before["components"]["schemas"]["ForwardIn"]["properties"]["depht"] = {}
    stale = stale_parts(json.dumps(before), description())
    assert stale == ["/cases", "/gone", "/scans", "ForwardIn"]


def stale_parts(before: str, now: str) -> list[str]:
    """Returns the paths and the models of a description that differ, are gone or are new."""
    parts_before, parts_now = _parts(json.loads(before)), _parts(json.loads(now))
    names = sorted(parts_before | parts_now)
    return [name for name in names if parts_before.get(name) != parts_now.get(name)]


def _parts(description: dict[str, Any]) -> dict[str, Any]:
    return description["paths"] | description["components"]["schemas"]  # type: ignore[no-any-return] # of JSON


def test_every_route_and_field_that_says_so_is_described(bench: Bench) -> None:
    schema = bench.app.openapi()
    bare = []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if not operation.get("description"):
                bare.append(f"{method} {path}")
    assert bare == []
    forward = schema["components"]["schemas"]["ForwardIn"]["properties"]
    assert forward["contacts_isolated_at"]["description"].startswith("Until then whoever it led to")
