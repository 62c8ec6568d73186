"""The people whose identity a request asks for, and whether the account may know it."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from api.accounts.accounts import Account
from api.doors.services import Services
from api.handovers.identities import Pseudonyms
from api.handovers.lists import handover_of, history_of
from api.handovers.since_issued import current_identities_of, pseudonyms_of
from api.http.fields import Input, Instant, Until
from api.http.problems import FieldFault, Problem, invalid
from api.tracing.backward import backward_trace_of
from api.tracing.forward import forward_trace_of
from api.tracing.place import people_at
from api.tracing.trace_request import (
    AboutCase,
    BackwardIn,
    ForwardIn,
    PersonIdIn,
    PlaceIn,
    known_place_of,
    with_known_places,
)

MAX_PRESENCES = 100_000
"""Number of presences at a place that are looked through."""
ROLES_BY_TRACE = ("tracer", "admin")


class PlaceQuery(Input):
    """A place and a period, as in `GET /traces/place`."""

    model_config = ConfigDict(populate_by_name=True)

    place: PlaceIn
    since: Annotated[Instant, Field(alias="from")]
    until: Annotated[Until, Field(alias="to")]


class RevealIn(Input):
    """The people whose names are asked for.

    `handover_id`: people on a list, and people who left it since it was last acknowledged and are
    to be informed. Tracers may also name a trace: `forward`, `backward`, or everybody `at` a place;
    the trace is run again to check that it contains them.
    """

    handover_id: UUID | None = None
    forward: ForwardIn | None = None
    backward: BackwardIn | None = None
    at: PlaceQuery | None = None
    person_ids: list[PersonIdIn] = Field(default_factory=list, max_length=20_000)
    """People to reveal. Default: all on the list; with a trace `person_ids` is required."""
    purpose: Annotated[str, Field(min_length=10, max_length=500)]
    """Reason in a few words; stored and shown to auditors."""

    @model_validator(mode="after")
    def be_of_one(self) -> Self:
        grounds = (self.handover_id, self.forward, self.backward, self.at)
        if sum(ground is not None for ground in grounds) != 1:
            raise ValueError("give one of handover_id, forward, backward and at")
        if self.handover_id is None and not self.person_ids:
            raise ValueError("of a trace, say by person_ids who is meant")
        return self


async def people_on_list(
    services: Services, handover_id: UUID, person_ids: Sequence[str], account: Account
) -> Pseudonyms:
    """Returns the people asked for. Raises `Problem` for people not on the list."""
    handover = await handover_of(services.clickhouse, handover_id, account)
    history = await history_of(services.clickhouse, handover)
    lines = {line.person_id: line for line in (*history.since, *history.now)}
    people = person_ids or [line.person_id for line in history.now]
    _refuse_strangers(
        people,
        lines,
        "are not on this list, nor have they left it since it was last acknowledged",
    )
    identities = await current_identities_of(services, [lines[person] for person in people])
    return {person: pseudonyms_of(person, identities) for person in sorted(people)}


async def people_in_trace(
    services: Services, body: RevealIn, account: Account
) -> tuple[Pseudonyms, str]:
    """Returns the people asked for, and the trace's request as it is stored.

    Raises `Problem` for people not in its answer.
    """
    if account.role not in ROLES_BY_TRACE:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "forbidden",
            f"the role {account.role} may look people up by a list, not by a trace",
        )
    people, request = await _people_of_trace(services, body)
    _refuse_strangers(body.person_ids, people, "are not in the answer to this trace")
    pseudonyms = {person: (person,) for person in sorted(body.person_ids)}
    return pseudonyms, request.model_dump_json(exclude_defaults=True, by_alias=True)


def _refuse_strangers(people: Iterable[str], allowed: Iterable[str], reason: str) -> None:
    allowed_people = set(allowed)
    strangers = [person for person in people if person not in allowed_people]
    if strangers:
        reason = f"{len(strangers)} of them {reason}"
        raise invalid([FieldFault(field="person_ids", reason=reason)])


async def _people_of_trace(services: Services, body: RevealIn) -> tuple[set[str], Input]:
    """Returns the people of the trace's answer, and its request without number plates.

    The person whom the trace is about is one of them only as a reported case: naming a person is no
    way to look them up.
    """
    if body.forward is not None:
        return await _people_of_forward_trace(services, body.forward)
    if body.backward is not None:
        return await _people_of_backward_trace(services, body.backward)
    assert body.at is not None
    return await _people_at_place(services, body.at)


async def _people_of_forward_trace(
    services: Services, forward: ForwardIn
) -> tuple[set[str], Input]:
    milestones = with_known_places(forward.milestones, services.pseudonyms)
    forward = forward.model_copy(update={"milestones": milestones})
    trace = await forward_trace_of(services, forward)
    people = {person.person_id for person in trace.people}
    return people | _reported_case(forward, trace.person_id), forward


async def _people_of_backward_trace(
    services: Services, backward: BackwardIn
) -> tuple[set[str], Input]:
    trace = await backward_trace_of(services, backward)
    people = {source.person_id for source in trace.sources}
    return people | _reported_case(backward, trace.person_id), backward


async def _people_at_place(services: Services, at: PlaceQuery) -> tuple[set[str], Input]:
    place = known_place_of(at.place, services.pseudonyms, "at.place")
    at = at.model_copy(update={"place": place})
    trace = await people_at(services, at.place, at.since, at.until, MAX_PRESENCES)
    return {presence.person_id for presence in trace.presences}, at


def _reported_case(request: AboutCase, person_id: str) -> set[str]:
    return set() if request.case_id is None else {person_id}
