"""A forward trace as a dossier to print (PDF, A4).

`dossier.typ` lays it out, and takes the values it is given never for its own language.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from subprocess import PIPE
from typing import Any

import orjson
from msgspec import structs

from api.tracing.diagram import Diagram, diagram_of
from api.tracing.export_values import (
    assumed_labels,
    contact_count,
    crowded_out,
    local,
    not_followed,
    place_label,
    source_label,
    stays_label,
)
from api.tracing.forward_trace import ForwardTrace, TraceCrowd, TracePerson, TraceStay

TYPESETTER = Path(__file__).with_name("typesetter.py")
TIMEOUT_S = 60.0
MAX_PEOPLE = 1_000
"""Number of rows after which a table of the dossier ends and says how many more there are.

A dossier is to be read on paper.
"""
MAX_COMMUNES = 200
MAX_MILESTONES = 200
MAX_CROWDS = 50
BREAKABLE_EVERY = 24
ZERO_WIDTH_SPACE = "\u200b"


def as_pdf(trace: ForwardTrace, printed_at: datetime) -> bytes:
    """Returns the dossier. It blocks for seconds where a trace is large."""
    return subprocess.run(
        [sys.executable, "-I", TYPESETTER],
        input=template_input(trace, printed_at),
        stdout=PIPE,
        check=True,
        timeout=TIMEOUT_S,
    ).stdout


def template_input(trace: ForwardTrace, printed_at: datetime) -> bytes:
    """Returns what the template reads, as JSON."""
    names = names_of(trace)
    commune_names = {commune.unit_code: commune.name for commune in trace.communes}
    diagram = diagram_of(trace, names)
    data = {
        "case": trace.person_id,
        "printed_at": _minute(printed_at),
        "since": _minute(trace.since),
        "until": _minute(trace.until),
        "contacts_until": _minute(trace.contacts_until),
        "stays_known": stays_label(trace),
        "known_at": None if trace.known_at is None else _minute(trace.known_at),
        "rules": {
            "id": trace.rules.rules_id,
            "source": trace.rules.source,
            "assumed": assumed_labels(trace),
        },
        "milestones": [_milestone(stay) for stay in trace.milestones[:MAX_MILESTONES]],
        "generations": [
            {"name": f"F{generation}", "people": people}
            for generation, people in enumerate(trace.generations, start=1)
        ],
        "diagram": asdict(diagram),
        "communes": [structs.asdict(commune) for commune in trace.communes[:MAX_COMMUNES]],
        "people": [_row(person, names, commune_names) for person in trace.people[:MAX_PEOPLE]],
        "stays": [_crowd(crowd, names) for crowd in trace.crowds[:MAX_CROWDS]],
        "cut": _left_out(trace, diagram),
    }
    return orjson.dumps(data)


def names_of(trace: ForwardTrace) -> dict[str, str]:
    """Names the case F0 and the others F1.1, F1.2 …, in the order of the trace."""
    names = {trace.person_id: "F0"}
    numbers = Counter[int]()
    for person in trace.people:
        numbers[person.generation] += 1
        names[person.person_id] = f"F{person.generation}.{numbers[person.generation]}"
    return names


def _left_out(trace: ForwardTrace, diagram: Diagram) -> dict[str, int]:
    return {
        "people": max(0, len(trace.people) - MAX_PEOPLE),
        "communes": max(0, len(trace.communes) - MAX_COMMUNES),
        "milestones": max(0, len(trace.milestones) - MAX_MILESTONES),
        "stays": max(0, len(trace.crowds) - MAX_CROWDS),
        "drawn": diagram.not_drawn,
        "contacts": sum(contact_count(person) - 1 for person in trace.people),
        "unlisted": crowded_out(trace),
        "unlisted_stays": len(trace.crowds),
        "not_followed": not_followed(trace),
        "learnt_since": len(trace.learnt_since),
        "withdrawn_since": len(trace.withdrawn_since),
        "moved_since": len(trace.reassigned_since),
    }


def _row(
    person: TracePerson, names: Mapping[str, str], commune_names: Mapping[str, str]
) -> dict[str, Any]:
    strongest = person.contacts[0]
    return {
        "name": names[person.person_id],
        "person_id": person.person_id,
        "commune": commune_names.get(person.residence_code, ""),
        "own_case": bool(person.own_case_ids),
        "source": names.get(strongest.source_id, strongest.source_id[:8]),
        "place": breakable(place_label(strongest.place)),
        "met_from": _minute(strongest.met_from),
        "met_to": _minute(strongest.met_to),
        "apart_min": f"{strongest.apart_s / 60:.1f}".replace(".", ","),
        "contacts": contact_count(person),
    }


def _milestone(stay: TraceStay) -> dict[str, Any]:
    return {
        "place": breakable(place_label(stay.place)),
        "began_at": _minute(stay.began_at),
        "ended_at": _minute(stay.ended_at),
        "known_by": source_label(stay.known_by),
    }


def _crowd(crowd: TraceCrowd, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "source": names.get(crowd.source_id, crowd.source_id[:8]),
        "place": breakable(place_label(crowd.place)),
        "began_at": _minute(crowd.began_at),
        "more": crowd.more,
    }


def breakable(text: str) -> str:
    """Allows a long word to be broken, so that it cannot run out of its cell."""
    return " ".join(ZERO_WIDTH_SPACE.join(_pieces(word)) for word in text.split(" "))


def _pieces(word: str) -> Iterator[str]:
    for start in range(0, len(word), BREAKABLE_EVERY):
        yield word[start : start + BREAKABLE_EVERY]


def _minute(at: datetime) -> str:
    return f"{local(at):%d/%m/%Y %H:%M}"
