"""A forward trace as a graph (GraphML): the case and everybody reached, and the steps between."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from api.tracing.export_values import contact_row, crowded_out, not_followed, person_row
from api.tracing.forward_trace import ForwardTrace, TraceContact, TracePerson

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
FACTS = (("graph", GRAPH_FACTS), ("node", NODE_FACTS), ("edge", EDGE_FACTS))


def as_graphml(trace: ForwardTrace) -> bytes:
    """Returns the graph as a file.

    The whole says how the trace came about and what it leaves out. The nodes are the case and
    everybody reached, each with the number of its contacts. The edges are the last step of each
    chain, and the strongest other contacts.
    """
    root = Xml.Element("graphml", xmlns=NAMESPACE)
    _declare_facts(root)
    graph = _add(root, "graph", {"edgedefault": "directed"}, _graph_facts(trace), GRAPH_FACTS)
    _add(graph, "node", {"id": trace.person_id}, {"generation": 0}, NODE_FACTS)
    for person in trace.people:
        _add(graph, "node", {"id": person.person_id}, person_row(person), NODE_FACTS)
    for person in trace.people:
        for contact in _contacts_once(person):
            ends = {"source": contact.source_id, "target": contact.contact_id}
            _add(graph, "edge", ends, contact_row(contact), EDGE_FACTS)
    content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _declare_facts(root: Xml.Element) -> None:
    for element, facts in FACTS:
        for fact in facts:
            key = {"id": fact, "for": element, "attr.name": fact, "attr.type": "string"}
            Xml.SubElement(root, "key", key)


def _graph_facts(trace: ForwardTrace) -> dict[str, Any]:
    return {
        "rules_id": trace.rules.rules_id,
        "assumed": " ".join(trace.rules.assumed),
        "since": trace.since,
        "until": trace.until,
        "contacts_until": trace.contacts_until,
        "known_at": trace.known_at,
        "stays": trace.stays,
        "unlisted": crowded_out(trace),
        "not_followed": not_followed(trace),
    }


def _contacts_once(person: TracePerson) -> Iterator[TraceContact]:
    """Yields the last step of the chain, then the other contacts: it may be one of them."""
    seen = set[tuple[str, str, str]]()
    for contact in (person.chain[-1], *person.contacts):
        presences = contact.source_presence_id, contact.contact_presence_id, contact.place
        if presences not in seen:
            seen.add(presences)
            yield contact


def _add(
    parent: Xml.Element,
    kind: str,
    attributes: dict[str, str],
    values: Mapping[str, Any],
    facts: Sequence[str],
) -> Xml.Element:
    element = Xml.SubElement(parent, kind, attributes)
    for fact in facts:
        value = values.get(fact)
        if value not in (None, ""):
            text = value.isoformat() if hasattr(value, "isoformat") else str(value)
            Xml.SubElement(element, "data", key=fact).text = text
    return element
