"""The doors to people, by pseudonym: all that is known of one, in the order it happened."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.person_names import named_person
from api.doors.services import Services, ServicesDep
from api.http.fields import Instant, Output, Until
from api.http.problems import FieldFault, invalid
from schemas.contract.errors import UnreadableDocument

router = APIRouter(prefix="/people", tags=["people"])
PersonId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2100, 1, 1, tzinfo=UTC)
MAX_ITEMS = 10_000
NO_VERDICT = {"decision": "", "reasons": ""}


class TimelineItem(Output):
    at: datetime
    kind: str
    """declaration, cancellation, scan, override, dose, test, order, presence, case, flag open or
    flag cleared."""
    id: str
    what: dict[str, str]


class Timeline(Output):
    person_id: str
    items: list[TimelineItem]
    truncated: bool
    """Whether there is more than the limit shows."""


class PersonFound(Output):
    person_id: str


@router.get("/lookup")
async def look_up(
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    document: Annotated[str, Query(max_length=200)],
) -> PersonFound:
    """The person whose a document is: the one a link names, else the one it stands for by itself.
    Or whoever `external:` and a name stand for."""
    try:
        key = named_person(document, services)[0]
    except UnreadableDocument as unreadable:
        raise invalid([FieldFault(field="document", reason=str(unreadable))]) from None
    rows = await services.clickhouse.ask("people/person_of_document", {"document_key": key})
    return PersonFound(
        person_id=rows[0]["person_id"] if rows else services.pseudonyms.person_of(key)
    )


@router.get("/{person_id}/timeline")
async def timeline(
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    person_id: PersonId,
    since: Annotated[Instant, Query(alias="from")] = BEGINNING,
    until: Annotated[Until, Query(alias="to")] = END,
    limit: Annotated[int, Query(ge=1, le=MAX_ITEMS)] = 1_000,
) -> Timeline:
    """Everything known of a person in the period, in order of time; a scan comes with its
    verdict."""
    # A scan and its verdict are two rows and one item.
    parameters: dict[str, Any] = {
        "person_id": person_id,
        "from": since,
        "to": until,
        "limit": 2 * limit + 2,
    }
    rows = await services.clickhouse.ask("people/timeline", parameters)
    verdicts = {row["id"]: row["what"] for row in rows if row["kind"] == "verdict"}
    facts = [row for row in rows if row["kind"] != "verdict"]
    scan_ids = [row["id"] for row in facts if row["kind"] == "scan" and row["id"] not in verdicts]
    verdicts |= await _verdicts_of_scans(services, scan_ids)
    items = [_item(row, verdicts.get(row["id"], NO_VERDICT)) for row in facts[:limit]]
    return Timeline(person_id=person_id, items=items, truncated=len(facts) > limit)


async def _verdicts_of_scans(services: Services, scan_ids: list[str]) -> dict[str, dict[str, str]]:
    """Returns verdicts that lie with another person.

    A verdict stays with the person whom the checkpoint took the traveller for. A link may have
    moved the scan to another person since.
    """
    if not scan_ids:
        return {}
    rows = await services.clickhouse.ask("people/verdicts_of_scans", {"scan_ids": scan_ids})
    return {row["id"]: row["what"] for row in rows}


def _item(row: dict[str, Any], verdict: dict[str, str]) -> TimelineItem:
    kind = row["kind"]
    what = dict(row["what"])
    if kind == "flag":
        kind = f"flag {what.pop('state')}"
    elif kind == "scan":
        what |= verdict
    return TimelineItem(at=row["at"], kind=kind, id=row["id"], what=what)
