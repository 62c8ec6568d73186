"""An id of another declaration or scan is refused, and not taken for a retry.

Codes stay with the people whose they are.
"""

from typing import Any
from uuid import uuid4

from tests.api.conftest import Bench

AT = "2021-09-15T10:00:00"


def test_an_id_of_another_declaration_is_not_taken_for_a_retry(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    """The second declaration would be dropped as a retry, while its code went on."""
    said = declaration | {"declaration_id": str(uuid4())}
    first = bench.post("/declarations", said).json()
    undated = {name: value for name, value in said.items() if name != "declared_at"}
    assert bench.post("/declarations", undated).json()["valid_until"] == first["valid_until"], (
        "a retry without its time"
    )
    for other in ({"declared_at": "2021-09-16T08:00:00"}, {"document_number": "212345678"}):
        answer = bench.post("/declarations", said | other)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "declaration_id")
    assert len(bench.broker.events) == 2


def test_nobody_takes_the_code_of_another_away_by_replacing_it(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    theirs = bench.post("/declarations", declaration | {"declared_at": None}).json()
    bench.post(
        "/declarations",
        declaration
        | {
            "declared_at": None,
            "document_number": "212345678",
            "replaces": theirs["declaration_id"],
        },
    )
    assert bench.call("GET", theirs["qr"]).status_code == 200


def test_an_id_of_another_scan_gets_no_verdict_of_that_one(bench: Bench) -> None:
    scan = {
        "scan_id": str(uuid4()),
        "shown": "212345678",
        "checkpoint_id": "binh-de",
        "direction": "in",
        "scanned_at": AT,
    }
    assert [bench.post("/scans", scan).status_code for _ in range(2)] == [202, 202]
    answer = bench.post("/scans", scan | {"shown": "051190000123"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "scan_id")
    assert len(bench.broker.events) == 2


def test_a_declaration_names_the_one_that_it_corrects(
    bench: Bench, declaration: dict[str, Any]
) -> None:
    first = bench.post("/declarations", declaration).json()["declaration_id"]
    bench.post("/declarations", declaration | {"replaces": first})
    assert [event.replaces for event in bench.broker.events] == [None, first]
