"""A trace as a graph reads back as what it says."""

from xml.etree import ElementTree as Xml

from api.tracing.graph import NAMESPACE, as_graphml
from tests.api.tracing.answers import PEOPLE


def test_a_graph_has_the_case_everybody_reached_and_the_steps_between_them() -> None:
    graph = Xml.fromstring(as_graphml("a", PEOPLE)).find(f"{{{NAMESPACE}}}graph")
    assert graph is not None
    assert [node.get("id") for node in graph.findall(f"{{{NAMESPACE}}}node")] == ["a", "b", "c"]
    assert [(edge.get("source"), edge.get("target")) for edge in graph.findall(f"{{{NAMESPACE}}}edge")] == [("a", "b"), ("b", "c")]


def test_whoever_is_a_case_themselves_is_told_so() -> None:
    assert b'<data key="own_case_ids">5a 5b</data>' in as_graphml("a", [PEOPLE[0] | {"own_case_ids": ["5a", "5b"]}])
    assert b'<data key="own_case_ids">' not in as_graphml("a", PEOPLE)


def test_a_graph_tells_when_and_where_of_each_step() -> None:
    text = as_graphml("a", PEOPLE).decode()
    assert '<data key="met_from">2021-09-15T08:00:00+00:00</data>' in text
    assert '<data key="place">post:"a", b</data>' in text
    assert '<data key="rule">apart_minutes</data>' in text and text.count('<data key="contacts">4</data>') == 2
