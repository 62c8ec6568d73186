"""The fate of the people on a list since it was issued.

A link may tell who they are, and a sample that they are cases themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from api.doors.services import Services
from api.tracing.case_status import OwnCase, case_status_of
from api.tracing.reassigned import current_identities, reassigned_people
from api.tracing.responses import ms
from schemas.domain.local_time import VIETNAM


class Exposed(Protocol):
    """A person on a list, with the first and the last time at which they were exposed."""

    @property
    def person_id(self) -> str: ...
    @property
    def exposed_at(self) -> datetime: ...
    @property
    def last_exposed_at(self) -> datetime: ...


class ExposedPerson(NamedTuple):
    """An exposed person, where nothing else is known of the list."""

    person_id: str
    exposed_at: datetime
    last_exposed_at: datetime


class Followed(NamedTuple):
    unit_code: str
    follow_until: date


async def current_identities_of(services: Services, listed: Sequence[Exposed]) -> dict[str, str]:
    """Returns current pseudonyms by listed pseudonym, for people whom a link gave another one."""
    if not listed:
        return {}
    since = min(person.exposed_at for person in listed)
    until = max(person.last_exposed_at for person in listed)
    people = sorted({person.person_id for person in listed})
    reassigned = await reassigned_people(services.batched_queries, people, ms(since), ms(until))
    return await current_identities(services, reassigned)


def pseudonyms_of(person_id: str, identities: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the pseudonym on the list, and the current one where that is another."""
    current = identities.get(person_id, person_id)
    return (person_id,) if current == person_id else (person_id, current)


async def own_cases_today(
    services: Services, listed: Iterable[Exposed], identities: Mapping[str, str]
) -> dict[str, list[OwnCase]]:
    """Returns the confirmed cases that people are themselves, under whichever pseudonym."""
    pseudonyms = {
        person.person_id: pseudonyms_of(person.person_id, identities) for person in listed
    }
    people = set[str]()
    for of_person in pseudonyms.values():
        people.update(of_person)
    case_status = await case_status_of(services.batched_queries, sorted(people))
    own_cases = dict[str, list[OwnCase]]()
    for person_id, of_person in pseudonyms.items():
        own_cases[person_id] = []
        for pseudonym in of_person:
            if pseudonym in case_status:
                own_cases[person_id] += case_status[pseudonym].own_cases
    return own_cases


async def followed_by(
    services: Services, listed: Sequence[Exposed], identities: Mapping[str, str]
) -> dict[str, str]:
    """Returns the commune by whose list each person is followed now, under whichever pseudonym.

    A list that ended before the exposure does not count.
    """
    if not listed:
        return {}
    people = set[str]()
    for person in listed:
        people.update(pseudonyms_of(person.person_id, identities))
    rows = await services.clickhouse.ask_people("handovers/followed", {}, people)
    followed = {row["person_id"]: _followed(row) for row in rows}
    communes: dict[str, str] = {}
    for person in listed:
        exposed_on = person.exposed_at.astimezone(VIETNAM).date()
        for pseudonym in pseudonyms_of(person.person_id, identities):
            by = followed.get(pseudonym)
            if by is not None and by.follow_until >= exposed_on:
                communes[person.person_id] = by.unit_code
    return communes


def _followed(row: Mapping[str, Any]) -> Followed:
    return Followed(unit_code=row["unit_code"], follow_until=row["follow_until"])
