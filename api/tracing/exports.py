"""A forward trace as a table (CSV) or as a graph (GraphML), for those who go on with it elsewhere."""

import csv
import io
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal
from xml.etree import ElementTree as Xml

from api.problems import Problem

Kind = Literal["application/json", "text/csv", "application/graphml+xml"]
JSON, CSV, GRAPHML = "application/json", "text/csv", "application/graphml+xml"
COLUMNS = ("generation", "person_id", "exposed_at", "residence_code", "source_id", "place", "met_from", "met_to", "apart_s", "contacts")
NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
NODE_FACTS = ("generation", "exposed_at", "residence_code")
EDGE_FACTS = ("place", "met_from", "met_to", "apart_s", "source_presence_id", "contact_presence_id")


def chosen(accept: str) -> Kind:
    """Raises `Problem` where none of ours is accepted."""
    for media_type in (part.split(";")[0].strip() for part in accept.split(",")):
        if media_type == CSV:
            return "text/csv"
        if media_type == GRAPHML:
            return "application/graphml+xml"
        if media_type in (JSON, "application/*", "*/*", ""):
            return "application/json"
    raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", f"a trace comes as {JSON}, {CSV} or {GRAPHML}")


def as_csv(people: Sequence[Mapping[str, Any]]) -> str:
    """One person a row, with the last step of their chain. With a byte order mark, without which Excel garbles Vietnamese."""
    table = io.StringIO()
    rows = csv.DictWriter(table, COLUMNS, extrasaction="ignore")
    rows.writeheader()
    for person in people:
        contacts = len(person["contacts"]) + person["more_contacts"]
        rows.writerow(_said({**person["chain"][-1], **person, "contacts": contacts}))
    return "\ufeff" + table.getvalue()


def as_graphml(case_id: str, people: Sequence[Mapping[str, Any]]) -> bytes:
    """The case and everybody reached as nodes; the last step of each chain, and the strongest other contacts, as edges."""
    root = Xml.Element("graphml", xmlns=NAMESPACE)
    for of, facts in (("node", NODE_FACTS), ("edge", EDGE_FACTS)):
        for fact in facts:
            Xml.SubElement(root, "key", {"id": fact, "for": of, "attr.name": fact, "attr.type": "string"})
    graph = Xml.SubElement(root, "graph", edgedefault="directed")
    _add(graph, "node", {"id": case_id}, {"generation": 0}, NODE_FACTS)
    for person in people:
        _add(graph, "node", {"id": person["person_id"]}, person, NODE_FACTS)
    for person in people:
        for contact in {_ids(one): one for one in (person["chain"][-1], *person["contacts"])}.values():
            _add(graph, "edge", {"source": contact["source_id"], "target": contact["contact_id"]}, contact, EDGE_FACTS)
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(graph: Xml.Element, kind: str, attributes: dict[str, str], facts: Mapping[str, Any], wanted: Sequence[str]) -> None:
    element = Xml.SubElement(graph, kind, attributes)
    said = _said(facts)
    for fact in wanted:
        if said.get(fact) not in (None, ""):
            Xml.SubElement(element, "data", key=fact).text = str(said[fact])


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()}


def _ids(contact: Mapping[str, Any]) -> tuple[str, str]:
    return contact["source_presence_id"], contact["contact_presence_id"]
