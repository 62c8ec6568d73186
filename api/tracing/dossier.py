"""A forward trace as a dossier to print (PDF, A4): what `dossier.typ` lays out, as values that it never takes for its own language."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from subprocess import PIPE
from typing import Any

import orjson

from api.tracing.answers import (
    Answer,
    Person,
    assumed_of,
    contacts_of,
    local,
    not_followed_of,
    place_told,
    source_told,
    stays_told,
    unlisted_of,
)
from api.tracing.diagram import diagram_of

PRESS = Path(__file__).with_name("typesetter.py")
TIMEOUT_S = 60.0
LISTED_MOST, COMMUNES_MOST, MILESTONES_MOST, STAYS_MOST = 1_000, 200, 200, 50
"""People, communes, stays of the case and crowded stays in the tables of a dossier, which is to be read on paper: it says how many more
there are."""
BREAKABLE_EVERY = 24
ZERO_WIDTH_SPACE = "\u200b"


def as_pdf(answer: Answer, printed_at: datetime) -> bytes:
    """Blocks for seconds where a trace is large."""
    return subprocess.run(
        [sys.executable, "-I", PRESS],
        input=told(answer, printed_at),
        stdout=PIPE,
        check=True,
        timeout=TIMEOUT_S,
    ).stdout


def told(answer: Answer, printed_at: datetime) -> bytes:
    """What the template reads, as JSON."""
    names = names_of(answer)
    people, communes = answer["people"], answer["communes"]
    diagram = diagram_of(answer, names)
    where = {commune["unit_code"]: commune["name"] for commune in communes}
    data = {
        "case": answer["person_id"],
        "printed_at": _minute(printed_at),
        "since": _minute(answer["since"]),
        "until": _minute(answer["until"]),
        "contacts_until": _minute(answer["contacts_until"]),
        "stays_known": stays_told(answer),
        "known_at": answer["known_at"] and _minute(answer["known_at"]),
        "rules": {
            "id": answer["rules"]["rules_id"],
            "source": answer["rules"]["source"],
            "assumed": assumed_of(answer),
        },
        "milestones": [_milestone(one) for one in answer["milestones"][:MILESTONES_MOST]],
        "generations": [
            {"name": f"F{n}", "people": count}
            for n, count in enumerate(answer["generations"], start=1)
        ],
        "diagram": asdict(diagram),
        "communes": communes[:COMMUNES_MOST],
        "people": [_row(person, names, where) for person in people[:LISTED_MOST]],
        "stays": [_stay(stay, names) for stay in answer["unlisted"][:STAYS_MOST]],
        "cut": {
            "people": max(0, len(people) - LISTED_MOST),
            "communes": max(0, len(communes) - COMMUNES_MOST),
            "milestones": max(0, len(answer["milestones"]) - MILESTONES_MOST),
            "stays": max(0, len(answer["unlisted"]) - STAYS_MOST),
            "drawn": diagram.not_drawn,
            "contacts": sum(contacts_of(person) - 1 for person in people),
            "unlisted": unlisted_of(answer),
            "unlisted_stays": len(answer["unlisted"]),
            "not_followed": not_followed_of(answer),
            "learnt_since": len(answer["learnt_since"]),
            "withdrawn_since": len(answer["withdrawn_since"]),
            "moved_since": len(answer["moved_since"]),
        },
    }
    return orjson.dumps(data)


def names_of(answer: Answer) -> dict[str, str]:
    """F0 for the case, F1.1, F1.2 … for the others, in the order of the trace."""
    names, counts = {answer["person_id"]: "F0"}, Counter[int]()
    for person in answer["people"]:
        counts[person["generation"]] += 1
        names[person["person_id"]] = f"F{person['generation']}.{counts[person['generation']]}"
    return names


def _row(person: Person, names: Mapping[str, str], where: Mapping[str, str]) -> dict[str, Any]:
    strongest = person["contacts"][0]
    return {
        "name": names[person["person_id"]],
        "person_id": person["person_id"],
        "commune": where.get(person["residence_code"], ""),
        "own_case": bool(person["own_case_ids"]),
        "source": names.get(strongest["source_id"], strongest["source_id"][:8]),
        "place": breakable(place_told(strongest["place"])),
        "met_from": _minute(strongest["met_from"]),
        "met_to": _minute(strongest["met_to"]),
        "apart_min": f"{strongest['apart_s'] / 60:.1f}".replace(".", ","),
        "contacts": contacts_of(person),
    }


def _milestone(stay: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "place": breakable(place_told(stay["place"])),
        "began_at": _minute(stay["began_at"]),
        "ended_at": _minute(stay["ended_at"]),
        "known_by": source_told(stay["known_by"]),
    }


def _stay(stay: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "source": names.get(stay["source_id"], stay["source_id"][:8]),
        "place": breakable(place_told(stay["place"])),
        "began_at": _minute(stay["began_at"]),
        "more": stay["more"],
    }


def breakable(text: str) -> str:
    """A long word may be broken, so that it cannot run out of its cell."""
    return " ".join(ZERO_WIDTH_SPACE.join(_pieces(word)) for word in text.split(" "))


def _pieces(word: str) -> Sequence[str]:
    return [word[at : at + BREAKABLE_EVERY] for at in range(0, len(word), BREAKABLE_EVERY)] or [""]


def _minute(at: datetime) -> str:
    return f"{local(at):%d/%m/%Y %H:%M}"
