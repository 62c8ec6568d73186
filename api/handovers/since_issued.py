"""What has become of the people on a list since it was issued: a link tells who they are, a sample that they are cases themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.tracing.contacts import Asks
from api.tracing.moved import moved_of
from api.tracing.own_cases import own_cases_of
from api.tracing.told import ms


@dataclass(frozen=True, slots=True)
class SinceIssued:
    moved: dict[str, list[str]]
    """Who of them is known to be whom by now."""
    own_case_ids: dict[str, list[str]]
    """Confirmed cases that they are, under whichever pseudonym."""


async def since_issued(ask: Asks, lines: Iterable[Mapping[str, Any]]) -> SinceIssued:
    lines = list(lines)
    moved = await moved_lines(ask, lines)
    names = {row["person_id"]: (row["person_id"], *moved.get(row["person_id"], ())) for row in lines}
    cases = await own_cases_of(ask, sorted({name for all_names in names.values() for name in all_names}), None)
    return SinceIssued(
        moved, {person: sorted({case for name in all_names for case in cases.get(name, ())}) for person, all_names in names.items()}
    )


async def moved_lines(ask: Asks, lines: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Of lines as `lines_of` has them: whom a link has told to be somebody else, judged by what put them on the list."""
    if not lines:
        return {}
    period = ms(min(row["exposed_at"] for row in lines)), ms(max(row["last_exposed_at"] for row in lines))
    return await moved_of(ask, sorted({row["person_id"] for row in lines}), *period)


async def followed_by(ask: Asks, people: Sequence[str], moved: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The commune by whose list each is followed now, under whichever pseudonym, of those who are on any."""
    if not people:
        return {}
    names = {name: person for person in people for name in (person, *moved.get(person, ()))}
    rows = await ask.ask_with("handovers/followed", {}, "people", "person_id FixedString(32)", ((name,) for name in names))
    return {names[row["person_id"]]: row["unit_code"] for row in rows}
