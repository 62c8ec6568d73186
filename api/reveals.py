"""The doors to the identity vault: who the people on a list are, with a purpose, and a record of every look before the answer is given."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from api.accounts import account_of
from api.doors import doors_of
from api.fields import Input
from api.handovers.lists import handover_of, lines_and_before
from api.problems import FieldFault, invalid
from api.tracing.question import PersonIdIn
from schemas.events import IdentityRevealed
from schemas.ids import EventId, HandoverId, PersonId, derive_id
from schemas.topics import REVEALS

router = APIRouter(prefix="/reveals", tags=["reveals"])


class RevealIn(Input):
    """Only people on the list can be asked for, and those who have just left it, who are to be told. No `person_ids`: all on the list."""

    handover_id: UUID
    person_ids: list[PersonIdIn] = Field(default_factory=list, max_length=20_000)
    purpose: Annotated[str, Field(min_length=10, max_length=500)]
    """Why, in a few words: it is kept, and shown to whoever audits."""


class IdentityOut(BaseModel):
    """The register's word first, then the newest declaration's; a field that nobody said is empty."""

    person_id: str
    full_name: str
    birth_date: str
    sex: str
    phone: str
    residence_code: str
    residence_detail: str
    documents: list[str]
    registered: bool


class Revealed(BaseModel):
    request_id: str
    identities: list[IdentityOut]
    unknown: list[str]
    """On the list, but nobody has said who they are."""


class RevealOut(BaseModel):
    person_id: str
    revealed_at: datetime
    account: str
    role: str
    purpose: str
    handover_id: str
    request_id: str


class RevealPage(BaseModel):
    reveals: list[RevealOut]
    truncated: bool


@router.post("")
async def reveal(request: Request, body: RevealIn) -> Revealed:
    """Nothing is told before the broker has the record of it."""
    doors, account = doors_of(request), account_of(request)
    handover = await handover_of(doors.clickhouse, body.handover_id, account)
    listed, left = ({row["person_id"] for row in rows} for rows in await lines_and_before(doors.clickhouse, handover))
    asked = body.person_ids or sorted(listed)
    if strangers := [person for person in asked if person not in listed | left]:
        reason = f"{len(strangers)} of them are not on this list, nor have they just left it"
        raise invalid([FieldFault(field="person_ids", reason=reason)])
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
        for person in asked
    ]
    await doors.broker.accept_all(REVEALS, [(event.person_id, event) for event in events])
    rows = await doors.clickhouse.ask_with("identities", {}, "people", "person_id FixedString(32)", ((person,) for person in asked))
    identities = [IdentityOut(**row) for row in rows]
    told = {one.person_id for one in identities}
    return Revealed(request_id=request_id, identities=identities, unknown=[person for person in asked if person not in told])


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
