"""A trace as a graph reads back as what it says."""

from xml.etree import ElementTree as Xml

from msgspec.structs import replace

from api.tracing.graph import NAMESPACE, as_graphml
from tests.api.tracing.answers import PEOPLE, answer


def test_a_graph_has_the_case_everybody_reached_and_the_steps_between_them() -> None:
    graph = Xml.fromstring(as_graphml(answer(PEOPLE, person_id="a"))).find(f"{{{NAMESPACE}}}graph")
    assert graph is not None
    assert [node.get("id") for node in graph.findall(f"{{{NAMESPACE}}}node")] == ["a", "b", "c"]
    assert [
        (edge.get("source"), edge.get("target")) for edge in graph.findall(f"{{{NAMESPACE}}}edge")
    ] == [("a", "b"), ("b", "c")]


def test_whoever_is_a_case_themselves_is_told_so() -> None:
    assert b'<data key="own_case_ids">5a 5b</data>' in as_graphml(
        answer([replace(PEOPLE[0], own_case_ids=["5a", "5b"])])
    )
    assert b'<data key="own_case_ids">' not in as_graphml(answer(PEOPLE, person_id="a"))


def test_a_graph_tells_when_and_where_of_each_step() -> None:
    text = as_graphml(answer(PEOPLE, person_id="a")).decode()
    assert '<data key="met_from">2021-09-15T08:00:00+00:00</data>' in text
    assert '<data key="place">post:"a", b</data>' in text
    assert (
        '<data key="rule">apart_minutes</data>' in text
        and text.count('<data key="contacts">4</data>') == 2
    )


def test_a_graph_tells_how_it_came_about_and_what_it_leaves_out() -> None:
    graph = Xml.fromstring(as_graphml(answer(PEOPLE))).find(f"{{{NAMESPACE}}}graph")
    assert graph is not None
    values = {data.get("key"): data.text for data in graph.findall(f"{{{NAMESPACE}}}data")}
    assert (values["rules_id"], values["assumed"], values["unlisted"], values["not_followed"]) == (
        "QD-3638",
        "apart_minutes of_tomorrow",
        "471",
        "83",
    )
    assert values["since"] == "2021-09-12T08:00:00+00:00" and "known_at" not in values
