"""The people on a case's lists, and who of them is on no other.

Those are the people to tell when the case is retracted.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.http.fields import Output

router = APIRouter(prefix="/cases", tags=["cases"])


class ListedPerson(Output):
    person_id: str
    unit_code: str
    other_case_ids: list[str]
    """Other cases whose lists have the person too, with or without this case."""


class Consequences(Output):
    case_id: str
    people: list[ListedPerson]
    only_through_this_case: int


@router.get("/{case_id}/consequences")
async def consequences(
    account: Annotated[Account, requires("tracer")], services: ServicesDep, case_id: UUID
) -> Consequences:
    """Tells what if there were no such case: people with no other would no longer be watched.

    A retracted case has none left; whom to tell of that stands on the withdrawn lists (`left`).
    """
    rows = await services.clickhouse.ask("handovers/consequences", {"case_id": case_id})
    people = [ListedPerson(**row) for row in rows]
    return Consequences(
        case_id=str(case_id),
        people=people,
        only_through_this_case=sum(not person.other_case_ids for person in people),
    )
