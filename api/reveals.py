"""The doors to the identity vault: who the people on a list are, with a purpose, and a record of every look before the answer is given."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.accounts import Account, account_of
from api.doors import Doors, doors_of
from api.fields import Input, Output
from api.handovers.lists import handover_of, lines_and_before
from api.handovers.since_issued import known_as_of, names_of
from api.problems import FieldFault, invalid
from api.tracing.question import PersonIdIn
from schemas.events import IdentityRevealed
from schemas.ids import EventId, HandoverId, PersonId, derive_id
from schemas.topics import REVEALS

router = APIRouter(prefix="/reveals", tags=["reveals"])


class RevealIn(Input):
    """Only people on the list can be asked for, and those who have left it since it was last acknowledged, who are to be told. No
    `person_ids`: all on the list."""

    handover_id: UUID
    person_ids: list[PersonIdIn] = Field(default_factory=list, max_length=20_000)
    purpose: Annotated[str, Field(min_length=10, max_length=500)]
    """Why, in a few words: it is kept, and shown to whoever audits."""


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
    request_id: str


class RevealPage(Output):
    reveals: list[RevealOut]
    truncated: bool


@router.post("")
async def reveal(request: Request, body: RevealIn) -> Revealed:
    """Nothing is told before the broker has the record of it."""
    doors, account = doors_of(request), account_of(request)
    names = await _names(doors, body, account)
    request_id, now = EventId(str(uuid4())), datetime.now(UTC)
    events = [
        IdentityRevealed(
            event_id=EventId(derive_id("revealed", request_id, person)),
            request_id=request_id,
            person_id=PersonId(person),
            handover_id=HandoverId(str(body.handover_id)),
            role=account.role,
            purpose=body.purpose,
            revealed_at=now,
            submitted_by=account.name,
        )
        for person in dict.fromkeys(chain.from_iterable(names.values()))
    ]
    await doors.broker.accept_all(REVEALS, [(event.person_id, event) for event in events])
    rows = await doors.clickhouse.ask_people("identities", {}, (event.person_id for event in events))
    told = {row["person_id"]: row for row in rows}
    identities = [IdentityOut(**told[name], listed_as=asked) for asked, both in names.items() for name in both if name in told]
    return Revealed(
        request_id=request_id, identities=identities, unknown=[asked for asked in names if told.keys().isdisjoint(names[asked])]
    )


async def _names(doors: Doors, body: RevealIn, account: Account) -> Mapping[str, Sequence[str]]:
    """The people asked for, each with the pseudonyms they are known by. Raises `Problem` for people not on the list."""
    handover = await handover_of(doors.clickhouse, body.handover_id, account)
    now, _, since = await lines_and_before(doors.clickhouse, handover)
    lines = {row["person_id"]: row for row in (*since, *now)}
    asked = body.person_ids or [row["person_id"] for row in now]
    if strangers := [person for person in asked if person not in lines]:
        reason = f"{len(strangers)} of them are not on this list, nor have they left it since it was last acknowledged"
        raise invalid([FieldFault(field="person_ids", reason=reason)])
    known_as = await known_as_of(doors, [lines[person] for person in asked])
    return {person: names_of(person, known_as) for person in sorted(asked)}


@router.get("")
async def list_reveals(
    request: Request,
    person_id: Annotated[str, Query(pattern="^([0-9a-f]{32})?$")] = "",
    account: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> RevealPage:
    """Who looked whom up, and why; the newest first."""
    rows = await doors_of(request).clickhouse.ask("reveals", {"person_id": person_id, "account": account, "limit": limit + 1})
    return RevealPage(reveals=[RevealOut(**row) for row in rows[:limit]], truncated=len(rows) > limit)
