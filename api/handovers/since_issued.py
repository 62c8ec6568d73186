"""What has become of the people on a list since it was issued: a link tells who they are, a sample that they are cases themselves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from api.doors.doors import Doors
from api.http.fields import VIETNAM
from api.tracing.case_status import OwnCase, standing_of
from api.tracing.reassigned import identified, moved_of
from api.tracing.responses import ms

Line = Mapping[str, Any]
"""As `lines_of` has them, or anything else with `person_id`, `exposed_at` and `last_exposed_at`."""


async def known_as_of(doors: Doors, lines: Sequence[Line]) -> dict[str, str]:
    """Whom a link has told the people of these lines to be, of those it has."""
    if not lines:
        return {}
    period = (
        ms(min(row["exposed_at"] for row in lines)),
        ms(max(row["last_exposed_at"] for row in lines)),
    )
    return await identified(
        doors, await moved_of(doors.together, sorted({row["person_id"] for row in lines}), *period)
    )


def names_of(person_id: str, known_as: Mapping[str, str]) -> tuple[str, ...]:
    """On the list, and known by now; once where it is the same."""
    return tuple(dict.fromkeys((person_id, known_as.get(person_id, person_id))))


async def own_cases_today(
    doors: Doors, lines: Iterable[Line], known_as: Mapping[str, str]
) -> dict[str, list[OwnCase]]:
    """Confirmed cases that they are, under whichever pseudonym."""
    names = {row["person_id"]: names_of(row["person_id"], known_as) for row in lines}
    standing = await standing_of(doors.together, sorted(set(chain.from_iterable(names.values()))))
    cases = {name: one.own_cases for name, one in standing.items()}
    return {
        person: [case for name in both for case in cases.get(name, ())]
        for person, both in names.items()
    }


async def followed_by(
    doors: Doors, lines: Sequence[Line], known_as: Mapping[str, str]
) -> dict[str, str]:
    """The commune by whose list each is followed now, under whichever pseudonym: a list that ended before the exposure does not count."""
    if not lines:
        return {}
    names = {name for row in lines for name in names_of(row["person_id"], known_as)}
    rows = await doors.clickhouse.ask_people("handovers/followed", {}, names)
    followed: dict[str, tuple[str, date]] = {
        row["person_id"]: (row["unit_code"], row["follow_until"]) for row in rows
    }
    found: dict[str, str] = {}
    for row in lines:
        exposed_on = row["exposed_at"].astimezone(VIETNAM).date()
        for name in names_of(row["person_id"], known_as):
            if name in followed and followed[name][1] >= exposed_on:
                found[row["person_id"]] = followed[name][0]
    return found
