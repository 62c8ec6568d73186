"""The doors to the identity vault: who the people on a list or in a trace are, with a purpose, and a record of every look before the answer
is given."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field, model_validator
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account, account_of
from api.doors.doors import Doors, doors_of
from api.handovers.lists import handover_of, lines_and_before
from api.handovers.revealed_sheet import as_xlsx
from api.handovers.since_issued import known_as_of, names_of
from api.http.content_negotiation import accepted
from api.http.fields import Input, Instant, Output, Until
from api.http.problems import FieldFault, Problem, invalid, problems
from api.http.workbook import WORKBOOK, Kind, at_leisure
from api.tracing.backward import sources_of
from api.tracing.forward import answer_to
from api.tracing.place import people_at
from api.tracing.trace_request import (
    AboutCase,
    BackwardIn,
    ForwardIn,
    PersonIdIn,
    PlaceIn,
    placed,
    read_place,
)
from schemas.contract.events import IdentityRevealed
from schemas.contract.ids import EventId, HandoverId, PersonId, derive_id
from schemas.contract.topics import REVEALS

router = APIRouter(prefix="/reveals", tags=["reveals"])
NO_LIST = UUID(int=0)
AT_MOST = 100_000
"""Presences at a place."""


class PlaceAsked(Input):
    """As `GET /traces/place` asks."""

    model_config = ConfigDict(populate_by_name=True)

    place: PlaceIn
    since: Annotated[Instant, Field(alias="from")]
    until: Annotated[Until, Field(alias="to")]


class RevealIn(Input):
    """Of whom: by `handover_id` those on a list, and those who have left it since it was last acknowledged, who are to be told; or, for
    tracers, those in the answer to a trace, which is asked again: `forward`, `backward`, or everybody `at` a place."""

    handover_id: UUID | None = None
    forward: ForwardIn | None = None
    backward: BackwardIn | None = None
    at: PlaceAsked | None = None
    person_ids: list[PersonIdIn] = Field(default_factory=list, max_length=20_000)
    """All on the list, if none are given. Of a trace they must be."""
    purpose: Annotated[str, Field(min_length=10, max_length=500)]
    """Why, in a few words: it is kept, and shown to whoever audits."""

    @model_validator(mode="after")
    def be_of_one(self) -> Self:
        if (
            sum(one is not None for one in (self.handover_id, self.forward, self.backward, self.at))
            != 1
        ):
            raise ValueError("give one of handover_id, forward, backward and at")
        if self.handover_id is None and not self.person_ids:
            raise ValueError("of a trace, say by person_ids who is meant")
        return self


class IdentityOut(Output):
    """The register's word first, then the newest declaration's; a field that nobody said is empty."""

    person_id: str
    listed_as: str
    """Their pseudonym on the list: another than `person_id` where a link has told since then who they are."""
    full_name: str
    birth_date: str
    sex: str
    phone: str
    residence_code: str
    residence_detail: str
    documents: list[str]
    registered: bool


class Revealed(Output):
    request_id: str
    identities: list[IdentityOut]
    unknown: list[str]
    """On the list, but nobody has said who they are."""


class RevealOut(Output):
    person_id: str
    revealed_at: datetime
    account: str
    role: str
    purpose: str
    handover_id: str
    """Zeros where a trace gave the right to ask: `question`."""
    question: str
    request_id: str


class RevealPage(Output):
    reveals: list[RevealOut]
    truncated: bool


@router.post("", response_model=Revealed, responses=problems(406) | WORKBOOK)
async def reveal(
    request: Request, account: Annotated[Account, requires("tracer", "committee")], body: RevealIn
) -> Response | Revealed:
    """Nothing is told before the broker has the record of it. By `Accept` it comes as JSON or as a workbook (XLSX)."""
    kind = accepted(request.headers.get("accept", "*/*"), Kind, "what is revealed")
    doors, account = doors_of(request), account_of(request)
    if body.handover_id is not None:
        names, question = await _names(doors, body.handover_id, body.person_ids, account), None
    else:
        names, question = await _names_of_trace(doors, body, account)
    request_id, now = EventId(str(uuid4())), datetime.now(UTC)
    events = [
        IdentityRevealed(
            event_id=EventId(derive_id("revealed", request_id, person)),
            request_id=request_id,
            person_id=PersonId(person),
            handover_id=HandoverId(str(body.handover_id or NO_LIST)),
            role=account.role,
            purpose=body.purpose,
            revealed_at=now,
            submitted_by=account.name,
            question=question,
        )
        for person in dict.fromkeys(chain.from_iterable(names.values()))
    ]
    await doors.broker.accept_all(REVEALS, [(event.person_id, event) for event in events])
    rows = await doors.clickhouse.ask_people(
        "handovers/identities", {}, (event.person_id for event in events)
    )
    told = {row["person_id"]: row for row in rows}
    identities = [
        IdentityOut(**told[name], listed_as=asked)
        for asked, both in names.items()
        for name in both
        if name in told
    ]
    unknown = [asked for asked in names if told.keys().isdisjoint(names[asked])]
    if kind is Kind.JSON:
        return Revealed(request_id=request_id, identities=identities, unknown=unknown)
    facts = {
        "purpose": body.purpose,
        "account": account.name,
        "revealed_at": now,
        "request_id": request_id,
    }
    return Response(
        await at_leisure(
            partial(as_xlsx, [one.model_dump() for one in identities], unknown, facts)
        ),
        media_type=kind,
    )


Names = Mapping[str, Sequence[str]]
"""The people asked for, each with the pseudonyms they are known by."""


async def _names_of_trace(doors: Doors, body: RevealIn, account: Account) -> tuple[Names, str]:
    """And the question, as it is kept. Raises `Problem` for people not in its answer."""
    if account.role not in ("tracer", "admin"):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "forbidden",
            f"the role {account.role} may look people up by a list, not by a trace",
        )
    found, asked = await _found(doors, body)
    if strangers := [person for person in body.person_ids if person not in found]:
        raise invalid(
            [
                FieldFault(
                    field="person_ids",
                    reason=f"{len(strangers)} of them are not in the answer to this trace",
                )
            ]
        )
    return {person: (person,) for person in sorted(body.person_ids)}, asked.model_dump_json(
        exclude_defaults=True, by_alias=True
    )


async def _found(doors: Doors, body: RevealIn) -> tuple[Collection[str], Input]:
    """The people of the trace's answer, and the question, in which no plate stands. Whom it is asked about is one of them only as a case
    that was reported: nobody is looked up by naming them."""
    if body.forward is not None:
        forward = body.forward.model_copy(
            update={"milestones": placed(body.forward.milestones, doors.pseudonyms)}
        )
        answer = await answer_to(doors, forward)
        return {
            *_case(forward, answer["person_id"]),
            *(one["person_id"] for one in answer["people"]),
        }, forward
    if body.backward is not None:
        sources = await sources_of(doors, body.backward)
        return {
            *_case(body.backward, sources.person_id),
            *(one.person_id for one in sources.sources),
        }, body.backward
    assert body.at is not None
    at = body.at.model_copy(
        update={"place": read_place(body.at.place, doors.pseudonyms, "at.place")}
    )
    there = await people_at(doors, at.place, at.since, at.until, AT_MOST)
    return {one.person_id for one in there.presences}, at


def _case(question: AboutCase, person_id: str) -> Collection[str]:
    return () if question.case_id is None else (person_id,)


async def _names(
    doors: Doors, handover_id: UUID, person_ids: Sequence[str], account: Account
) -> Names:
    """Raises `Problem` for people not on the list."""
    handover = await handover_of(doors.clickhouse, handover_id, account)
    now, _, since = await lines_and_before(doors.clickhouse, handover)
    lines = {row["person_id"]: row for row in (*since, *now)}
    asked = person_ids or [row["person_id"] for row in now]
    if strangers := [person for person in asked if person not in lines]:
        reason = f"{len(strangers)} of them are not on this list, nor have they left it since it was last acknowledged"
        raise invalid([FieldFault(field="person_ids", reason=reason)])
    known_as = await known_as_of(doors, [lines[person] for person in asked])
    return {person: names_of(person, known_as) for person in sorted(asked)}


@router.get("")
async def list_reveals(
    request: Request,
    caller: Annotated[Account, requires("admin")],
    person_id: Annotated[str, Query(pattern="^([0-9a-f]{32})?$")] = "",
    account: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> RevealPage:
    """Who looked whom up, and why; the newest first."""
    rows = await doors_of(request).clickhouse.ask(
        "handovers/reveals", {"person_id": person_id, "account": account, "limit": limit + 1}
    )
    return RevealPage(
        reveals=[RevealOut(**row) for row in rows[:limit]], truncated=len(rows) > limit
    )
