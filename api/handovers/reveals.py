"""The doors to the identity vault: who the people on a list or in a trace are.

A look has a purpose, and a record of it is kept before the answer is given.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.handovers.identities import IdentityOut, Pseudonyms, identities_of
from api.handovers.reveal_request import RevealIn, people_in_trace, people_on_list
from api.handovers.revealed_sheet import Look, as_xlsx
from api.http.content_negotiation import accepted
from api.http.fields import Output
from api.http.problems import problems
from api.http.workbook import WORKBOOK, Kind, in_export_thread
from schemas.contract.events import IdentityRevealed
from schemas.contract.ids import EventId, HandoverId, PersonId, derive_id
from schemas.contract.topics import REVEALS

router = APIRouter(prefix="/reveals", tags=["reveals"])
NO_LIST = UUID(int=0)


class Revealed(Output):
    request_id: str
    identities: list[IdentityOut]
    unknown: list[str]
    """People on the list of whom no source states who they are."""


class RevealOut(Output):
    person_id: str
    revealed_at: datetime
    account: str
    role: str
    purpose: str
    handover_id: str
    """Id of the list; zeros if a trace gave the right to ask: `question`."""
    question: str
    request_id: str


class RevealPage(Output):
    reveals: list[RevealOut]
    truncated: bool


@router.post("", response_model=Revealed, responses=problems(406) | WORKBOOK)
async def reveal(
    request: Request,
    account: Annotated[Account, requires("committee", "tracer")],
    services: ServicesDep,
    body: RevealIn,
) -> Response | Revealed:
    """Reveals who people are; nothing is told before the broker has the record of it.

    By `Accept` it comes as JSON or as a workbook (XLSX).
    """
    kind = accepted(request.headers.get("accept", "*/*"), Kind, "what is revealed")
    trace_request: str | None = None
    if body.handover_id is not None:
        pseudonyms = await people_on_list(services, body.handover_id, body.person_ids, account)
    else:
        pseudonyms, trace_request = await people_in_trace(services, body, account)
    request_id = EventId(str(uuid4()))
    now = datetime.now(UTC)
    people = _all_once(pseudonyms)
    events = _events(body, people, account, request_id, now, trace_request)
    await services.broker.accept_all(REVEALS, [(event.person_id, event) for event in events])
    identities, unknown = await identities_of(services, pseudonyms, people)
    if kind is Kind.JSON:
        return Revealed(request_id=request_id, identities=identities, unknown=unknown)
    look = Look(body.purpose, account.name, now, request_id)
    workbook = await in_export_thread(partial(as_xlsx, identities, unknown, look))
    return Response(workbook, media_type=kind)


def _all_once(pseudonyms: Pseudonyms) -> list[str]:
    people = dict[str, None]()
    for of_person in pseudonyms.values():
        people.update(dict.fromkeys(of_person))
    return list(people)


def _events(
    body: RevealIn,
    people: Sequence[str],
    account: Account,
    request_id: EventId,
    now: datetime,
    trace_request: str | None,
) -> list[IdentityRevealed]:
    return [
        IdentityRevealed(
            event_id=EventId(derive_id("revealed", request_id, person)),
            request_id=request_id,
            person_id=PersonId(person),
            handover_id=HandoverId(str(body.handover_id or NO_LIST)),
            role=account.role,
            purpose=body.purpose,
            revealed_at=now,
            submitted_by=account.name,
            question=trace_request,
        )
        for person in people
    ]


@router.get("")
async def list_reveals(
    _caller: Annotated[Account, requires("admin")],
    services: ServicesDep,
    person_id: Annotated[str, Query(pattern="^([0-9a-f]{32})?$")] = "",
    account: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> RevealPage:
    """Lists who looked whom up, and why; the newest come first."""
    parameters = {"person_id": person_id, "account": account, "limit": limit + 1}
    rows = await services.clickhouse.ask("handovers/reveals", parameters)
    return RevealPage(
        reveals=[RevealOut(**row) for row in rows[:limit]], truncated=len(rows) > limit
    )
