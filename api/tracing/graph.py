"""A forward trace as a graph (GraphML): the case and everybody reached, with the steps between them."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from api.tracing.answers import Person, row_of, step_of

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
NODE_FACTS = ("generation", "exposed_at", "exposed_place", "last_exposed_at", "residence_code", "isolated_at", "own_case_ids", "contacts")
EDGE_FACTS = (
    "place",
    "met_from",
    "met_to",
    "apart_s",
    "uncertain_s",
    "source_known_by",
    "known_by",
    "source_granularity",
    "granularity",
    "rule",
    "source_presence_id",
    "contact_presence_id",
)


def as_graphml(case_id: str, people: Sequence[Person]) -> bytes:
    """The case and everybody reached as nodes, each with the number of its contacts; the last step of each chain, and the strongest other
    contacts, as edges."""
    root = Xml.Element("graphml", xmlns=NAMESPACE)
    for of, facts in (("node", NODE_FACTS), ("edge", EDGE_FACTS)):
        for fact in facts:
            Xml.SubElement(root, "key", {"id": fact, "for": of, "attr.name": fact, "attr.type": "string"})
    graph = Xml.SubElement(root, "graph", edgedefault="directed")
    _add(graph, "node", {"id": case_id}, {"generation": 0}, NODE_FACTS)
    for person in people:
        _add(graph, "node", {"id": person["person_id"]}, row_of(person), NODE_FACTS)
    for person in people:
        for contact in {_ids(one): one for one in (person["chain"][-1], *person["contacts"])}.values():
            _add(graph, "edge", {"source": contact["source_id"], "target": contact["contact_id"]}, step_of(contact), EDGE_FACTS)
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(graph: Xml.Element, kind: str, attributes: dict[str, str], facts: Mapping[str, Any], wanted: Sequence[str]) -> None:
    element = Xml.SubElement(graph, kind, attributes)
    for fact in wanted:
        value = facts.get(fact)
        if value not in (None, ""):
            Xml.SubElement(element, "data", key=fact).text = value.isoformat() if hasattr(value, "isoformat") else str(value)


def _ids(contact: Mapping[str, Any]) -> tuple[str, str, str]:
    return contact["source_presence_id"], contact["contact_presence_id"], contact["place"]
