"""The OpenAPI description of the doors: it is checked in, and describes every route."""

from api.openapi import description
from infra.settings import CHECKOUT
from tests.api.conftest import Bench


def test_description_of_the_doors_is_the_one_checked_in() -> None:
    assert (CHECKOUT / "api" / "openapi.json").read_text(encoding="utf-8") == description(), (
        "run python -m api.openapi > api/openapi.json"
    )


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
