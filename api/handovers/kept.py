"""Who stays on a list although a new trace does not reach them: whoever only a cut leaves out. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.handovers.lists import Line


def below_the_cut(missing: Iterable[Line], answer: Mapping[str, Any], known_as: Mapping[str, str]) -> list[Line]:
    """Of the lines of people who are not in `answer`, a `ForwardTrace`: those who were met at a stay of which it does not list the weaker
    contacts, or by somebody whose contacts it may not have asked for, or by somebody who stays in the same way."""
    generations = {one["person_id"]: one["generation"] for one in answer["people"]}
    crowded = {(one["source_id"], one["place"]) for one in answer["unlisted"]}
    kept: dict[str, Line] = {}
    for line in sorted(missing, key=lambda one: one.generation):
        source = known_as.get(line.source_id, line.source_id)
        not_followed = generations.get(source) in answer["not_followed"]
        if (source, line.place) in crowded or not_followed or source in kept or line.source_id in kept:
            kept[line.person_id] = line
    return list(kept.values())
