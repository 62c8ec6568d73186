"""A trace as a table and as a graph reads back as what it says."""

import csv
import io
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from api.tracing.exports import NAMESPACE, as_csv, as_graphml
from tests.api.conftest import Bench

AT = datetime(2021, 9, 15, 8, tzinfo=UTC)


def contact(source: str, other: str) -> dict[str, Any]:
    ids = {"source_presence_id": f"of {source}", "contact_presence_id": f"of {other}"}
    return {"source_id": source, "contact_id": other, "place": 'post:"a", b', "met_from": AT, "met_to": AT, "apart_s": 2.5, **ids}


def person(name: str, generation: int, *chain: dict[str, Any]) -> dict[str, Any]:
    facts = {"person_id": name, "generation": generation, "exposed_at": AT, "residence_code": "21439"}
    return {**facts, "chain": list(chain), "contacts": [chain[-1]], "more_contacts": 3}


PEOPLE = [person("b", 1, contact("a", "b")), person("c", 2, contact("a", "b"), contact("b", "c"))]


def test_a_table_has_a_row_for_each_person_with_who_it_came_from() -> None:
    text = as_csv(PEOPLE)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert [(row["generation"], row["source_id"], row["person_id"]) for row in rows] == [("1", "a", "b"), ("2", "b", "c")]
    assert (rows[0]["place"], rows[0]["met_from"], rows[0]["contacts"]) == ('post:"a", b', "2021-09-15T08:00:00+00:00", "4")


def test_a_graph_has_the_case_everybody_reached_and_the_steps_between_them() -> None:
    graph = Xml.fromstring(as_graphml("a", PEOPLE)).find(f"{{{NAMESPACE}}}graph")
    assert graph is not None
    assert [node.get("id") for node in graph.findall(f"{{{NAMESPACE}}}node")] == ["a", "b", "c"]
    assert [(edge.get("source"), edge.get("target")) for edge in graph.findall(f"{{{NAMESPACE}}}edge")] == [("a", "b"), ("b", "c")]


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("*/*", 200, "application/json"),
        ("text/csv", 200, "text/csv; charset=utf-8"),
        ("application/graphml+xml, text/csv", 200, "application/graphml+xml"),
        ("application/pdf", 406, "application/problem+json"),
    ],
)
def test_a_trace_comes_as_what_is_accepted(bench: Bench, accept: str, status: int, kind: str) -> None:
    question = {"person_id": "a" * 32, "onset_at": "2021-09-10", "isolated_at": "2021-09-12"}
    answer = bench.post("/traces/forward", question, Accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
