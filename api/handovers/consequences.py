"""What rests on a case: the people on its lists, and who of them is on no other. Those are the ones to tell when it is retracted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.doors import doors_of
from api.http.fields import Output

router = APIRouter(prefix="/cases", tags=["cases"])


class ListedPerson(Output):
    person_id: str
    unit_code: str
    other_case_ids: list[str]
    """Further cases whose lists they are on: these hold them, with or without this one."""


class Consequences(Output):
    case_id: str
    people: list[ListedPerson]
    only_through_this_case: int


@router.get("/{case_id}/consequences")
async def consequences(
    request: Request, account: Annotated[Account, requires("tracer")], case_id: UUID
) -> Consequences:
    """What if there were no such case: those with no other would no longer be watched. A retracted case has none left; whom to tell of that
    stands on the withdrawn lists (`left`)."""
    rows = await doors_of(request).clickhouse.ask("handovers/consequences", {"case_id": case_id})
    people = [ListedPerson(**row) for row in rows]
    return Consequences(
        case_id=str(case_id),
        people=people,
        only_through_this_case=sum(not one.other_case_ids for one in people),
    )
