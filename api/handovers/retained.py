"""Who stays on a list although a new trace does not reach them: whoever only a cut leaves out. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from api.handovers.lists import Line
from api.tracing.households import HOUSEHOLD
from api.tracing.places import wider

LONGEST_STAY = timedelta(days=1)


def below_the_cut(
    missing: Iterable[Line], answer: Mapping[str, Any], known_as: Mapping[str, str]
) -> list[Line]:
    """Of the lines of people who are not in `answer`, a `ForwardTrace`: those who were met at a stay of which it does not list the weaker
    contacts, or by somebody whose contacts it may not have asked for, or by somebody who stays in the same way."""
    generations = {one["person_id"]: one["generation"] for one in answer["people"]}
    kept: dict[str, Line] = {}
    for line in sorted(missing, key=lambda one: one.generation):
        source = known_as.get(line.source_id, line.source_id)
        not_followed = generations.get(source) in answer["not_followed"]
        crowded = any(_was_there(line, source, stay) for stay in answer["unlisted"])
        if line.generation <= len(answer["generations"]) and (
            crowded or not_followed or source in kept or line.source_id in kept
        ):
            kept[line.person_id] = line
    return list(kept.values())


def _was_there(line: Line, source: str, stay: Mapping[str, Any]) -> bool:
    """Whether they were exposed at this stay; at home there is only one."""
    if source != stay["source_id"] or line.place not in (stay["place"], *wider(stay["place"])):
        return False
    return (
        line.place.startswith(HOUSEHOLD)
        or stay["began_at"] <= line.exposed_at <= stay["began_at"] + LONGEST_STAY
    )
