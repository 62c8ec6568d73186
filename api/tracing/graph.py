"""A forward trace as a graph (GraphML): the case and everybody reached, with the steps between them."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from api.tracing.answers import Answer, not_followed_of, row_of, step_of, unlisted_of

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
GRAPH_FACTS = (
    "rules_id",
    "assumed",
    "since",
    "until",
    "contacts_until",
    "known_at",
    "stays",
    "unlisted",
    "not_followed",
)
NODE_FACTS = (
    "generation",
    "exposed_at",
    "exposed_place",
    "last_exposed_at",
    "residence_code",
    "isolated_at",
    "own_case_ids",
    "contacts",
)
EDGE_FACTS = (
    "place",
    "source_part",
    "part",
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


def as_graphml(answer: Answer) -> bytes:
    """How the trace came about and what it leaves out, of the whole; the case and everybody reached as nodes, each with the number of its
    contacts; the last step of each chain, and the strongest other contacts, as edges."""
    root, people = Xml.Element("graphml", xmlns=NAMESPACE), answer["people"]
    for of, facts in (("graph", GRAPH_FACTS), ("node", NODE_FACTS), ("edge", EDGE_FACTS)):
        for fact in facts:
            Xml.SubElement(
                root, "key", {"id": fact, "for": of, "attr.name": fact, "attr.type": "string"}
            )
    graph = _add(root, "graph", {"edgedefault": "directed"}, _about(answer), GRAPH_FACTS)
    _add(graph, "node", {"id": answer["person_id"]}, {"generation": 0}, NODE_FACTS)
    for person in people:
        _add(graph, "node", {"id": person["person_id"]}, row_of(person), NODE_FACTS)
    for person in people:
        for contact in {
            _ids(one): one for one in (person["chain"][-1], *person["contacts"])
        }.values():
            _add(
                graph,
                "edge",
                {"source": contact["source_id"], "target": contact["contact_id"]},
                step_of(contact),
                EDGE_FACTS,
            )
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _about(answer: Answer) -> dict[str, Any]:
    rules = answer["rules"]
    cut = {"unlisted": unlisted_of(answer), "not_followed": not_followed_of(answer)}
    return {**answer, **cut, "rules_id": rules["rules_id"], "assumed": " ".join(rules["assumed"])}


def _add(
    parent: Xml.Element,
    kind: str,
    attributes: dict[str, str],
    facts: Mapping[str, Any],
    wanted: Sequence[str],
) -> Xml.Element:
    element = Xml.SubElement(parent, kind, attributes)
    for fact in wanted:
        value = facts.get(fact)
        if value not in (None, ""):
            Xml.SubElement(element, "data", key=fact).text = (
                value.isoformat() if hasattr(value, "isoformat") else str(value)
            )
    return element


def _ids(contact: Mapping[str, Any]) -> tuple[str, str, str]:
    return contact["source_presence_id"], contact["contact_presence_id"], contact["place"]
