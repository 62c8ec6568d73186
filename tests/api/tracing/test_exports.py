"""A client gets the kind of export it accepts, or the list of kinds there are."""

import pytest

from api.tracing.exports import Kind
from tests.api.conftest import Bench

QUESTION = {"person_id": "a" * 32, "onset_at": "2021-09-10", "isolated_at": "2021-09-12"}


@pytest.mark.parametrize(
    ("accept", "kind", "begin"),
    [
        ("*/*", "application/json", b"{"),
        ("application/*", "application/json", b"{"),
        ("text/csv", "text/csv; charset=utf-8", "\ufeffgeneration,".encode()),
        ("application/graphml+xml, text/csv", "application/graphml+xml", b"<?xml"),
        (f"text/html, {Kind.XLSX};q=0.9", str(Kind.XLSX), b"PK"),
        ("application/pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_a_trace_comes_as_what_is_accepted(
    bench: Bench, accept: str, kind: str, begin: bytes
) -> None:
    answer = bench.post("/traces/forward", QUESTION, Accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.content.startswith(begin)
    assert [answer.headers[name] for name in ("x-stays", "x-unlisted", "x-not-followed")] == [
        "0",
        "0",
        "0",
    ]


def test_how_much_has_been_learnt_since_stands_beside_every_export(bench: Bench) -> None:
    names = ("x-learnt-since", "x-withdrawn-since", "x-moved-since")
    then = bench.post(
        "/traces/forward", QUESTION | {"known_at": "2021-09-12"}, Accept="text/csv"
    ).headers
    assert [then.get(name) for name in names] == ["0", "0", "0"]
    today = bench.post("/traces/forward", QUESTION, Accept="text/csv").headers
    assert [today.get(name) for name in names] == [None, None, None]


def test_a_kind_that_is_not_there_is_refused_with_those_that_are(bench: Bench) -> None:
    answer = bench.post("/traces/forward", QUESTION, Accept="image/png")
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert len(Kind) == 5
    assert all(kind in answer.json()["detail"] for kind in Kind)
