"""People who stay on a list although a new trace leaves them out. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from api.handovers.lists import Line
from api.tracing.forward_trace import ForwardTrace, TraceCrowd
from api.tracing.households import HOUSEHOLD
from api.tracing.places import wider

LONGEST_STAY = timedelta(days=1)


def retained_lines(
    missing: Iterable[Line], trace: ForwardTrace, identities: Mapping[str, str]
) -> list[Line]:
    """Returns those lines of people missing from the trace that stay all the same.

    A line stays if the person was met in a crowd of the trace, or by somebody whose contacts the
    trace may not have asked for, or by somebody whose own line stays.
    """
    generations = {person.person_id: person.generation for person in trace.people}
    retained: dict[str, Line] = {}
    for line in sorted(missing, key=lambda line: line.generation):
        if line.generation > len(trace.generations):
            continue
        source = identities.get(line.source_id, line.source_id)
        source_retained = source in retained or line.source_id in retained
        source_not_followed = generations.get(source) in trace.not_followed
        crowded = any(_was_in(crowd, line, source) for crowd in trace.crowds)
        if crowded or source_not_followed or source_retained:
            retained[line.person_id] = line
    return list(retained.values())


def _was_in(crowd: TraceCrowd, line: Line, source: str) -> bool:
    """Says whether the person was exposed in this crowd; at home there is only one."""
    if source != crowd.source_id or line.place not in (crowd.place, *wider(crowd.place)):
        return False
    if line.place.startswith(HOUSEHOLD):
        return True
    return crowd.began_at <= line.exposed_at <= crowd.began_at + LONGEST_STAY
