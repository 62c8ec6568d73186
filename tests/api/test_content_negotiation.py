"""The media type of an answer: what the `Accept` header weighs highest, JSON where all will do."""

from enum import StrEnum

import pytest

from api.http.content_negotiation import accepted
from api.http.problems import Problem


class Kind(StrEnum):
    JSON = "application/json"
    CSV = "text/csv"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("", Kind.JSON),
        ("*/*", Kind.JSON),
        ("application/*", Kind.JSON),
        ("text/*", Kind.CSV),
        ("text/csv", Kind.CSV),
        ("text/csv; charset=utf-8", Kind.CSV),
        ("text/csv, application/json", Kind.CSV),
        ("application/json, text/csv", Kind.JSON),
        ("text/csv, */*", Kind.CSV),
        ("text/csv;q=0.5, application/json;q=0.9", Kind.JSON),
        ("application/json;q=0.5, text/csv", Kind.CSV),
        ("text/csv;q=0, */*", Kind.JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Kind.JSON),
    ],
)
def test_the_kind_of_highest_quality_is_given(header: str, kind: Kind) -> None:
    assert accepted(header, Kind, "a list") is kind


@pytest.mark.parametrize("header", ["text/html", "text/csv;q=0", "nonsense"])
def test_a_header_that_takes_no_kind_is_refused_with_the_kinds_there_are(header: str) -> None:
    with pytest.raises(Problem) as refused:
        accepted(header, Kind, "a list")
    assert refused.value.status == 406
    assert refused.value.detail == "a list comes as application/json or text/csv"
