"""What a committee, or the tracing team, sees of the lists: each as it stands, its lines, and what changed since the last revision."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from api.accounts.access import requires
from api.accounts.accounts import Account, account_of
from api.accounts.jurisdiction import require_area, units_below
from api.backends.clickhouse import ReadSide
from api.doors.doors import Doors, doors_of
from api.handovers.since_issued import followed_by, known_as_of, own_cases_today
from api.http.fields import Output
from api.http.problems import Problem
from schemas.domain.places import unit_name

router = APIRouter(prefix="/handovers", tags=["handovers"])
NOBODY = UUID(int=0)
Rows = list[dict[str, Any]]
State = Literal["waiting", "overdue", "acknowledged"]


class HandoverOut(Output):
    """The list of one case for one commune. `people` 0: withdrawn. `escalated_to`: committees above, told since `waiting_since`."""

    handover_id: str
    issue_id: str
    revision: int
    case_id: str
    unit_code: str
    unit_name: str
    people: int
    rules_id: str
    depth: int
    follow_days: int
    unlisted: int
    """Contacts in crowds that lie below the cut of the trace."""
    state: State
    outdated: bool
    """The case was reported on, and so perhaps corrected, after it was last handed over: hand it over again."""
    waiting_since: datetime
    """First issue since the last one that was acknowledged."""
    deadline_at: datetime
    """Counts from there: a revision gives no more time."""
    issued_at: datetime
    issued_by: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    escalated_to: list[str]


class HandoverPage(Output):
    handovers: list[HandoverOut]
    truncated: bool
    """Whether there are more than the limit shows; the newest come first."""


class Line(Output):
    person_id: str
    generation: int
    exposed_at: datetime
    last_exposed_at: datetime
    follow_until: date
    source_id: str
    place: str


class LineOut(Line):
    own_case_ids: list[str]
    """Confirmed cases that they are themselves, whenever."""


class HandoverDetail(HandoverOut):
    """`complete`: false for the moment in which not all lines have arrived."""

    lines: list[LineOut]
    complete: bool
    known_as: dict[str, str]
    """Whom a link has told those on it, and those who have left it, to be. They stood for nothing but a document until then."""
    joined: list[str]
    """On this revision, and nobody of the one last acknowledged (or, if none was, the one before)."""
    left: list[str]
    """On any revision since then, and on no list any more: tell them."""
    passed_on: dict[str, str]
    """Likewise, but on another list by now: the commune that follows them."""


@router.get("")
async def list_handovers(
    request: Request,
    account: Annotated[Account, requires("tracer", "committee")],
    unit_code: Annotated[str | None, Query(max_length=20)] = None,
    case_id: UUID | None = None,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> HandoverPage:
    """`unit_code`: a commune's own lists, and for a district or province those that were escalated to it; empty: of people whose residence
    nobody knows, which stay with the tracing team; left out: all. A committee is shown its own, and those below it."""
    ask, area = doors_of(request).clickhouse, account_of(request).area
    found = await current_handovers(
        ask, unit_code=unit_code, case_id=case_id, state=state, area=area, limit=limit + 1
    )
    return HandoverPage(handovers=found[:limit], truncated=len(found) > limit)


async def detail_of(doors: Doors, handover_id: UUID, account: Account) -> HandoverDetail:
    """Raises `Problem` as `handover_of` does."""
    handover = await handover_of(doors.clickhouse, handover_id, account)
    now, known, since = await lines_and_before(doors.clickhouse, handover)
    known_as = await known_as_of(doors, [*now, *since])
    own_cases = await own_cases_today(doors, now, known_as)
    gone = _others(since, now, known_as)
    passed_on = await followed_by(doors, gone, known_as)
    return HandoverDetail(
        **handover.model_dump(),
        lines=[
            LineOut(**row, own_case_ids=[case.case_id for case in own_cases[row["person_id"]]])
            for row in now
        ],
        complete=len(now) == handover.people,
        known_as=known_as,
        joined=[row["person_id"] for row in _others(now, known, known_as)],
        left=[row["person_id"] for row in gone if row["person_id"] not in passed_on],
        passed_on=passed_on,
    )


def _others(rows: Rows, than: Rows, known_as: Mapping[str, str]) -> Rows:
    """The people of these lines who are nobody of those, each once."""

    def who(row: Mapping[str, Any]) -> str:
        return known_as.get(row["person_id"], row["person_id"])

    theirs = {who(row) for row in than}
    return sorted(
        {row["person_id"]: row for row in rows if who(row) not in theirs}.values(),
        key=lambda row: row["person_id"],
    )


async def lines_and_before(ask: ReadSide, handover: HandoverOut) -> tuple[Rows, Rows, Rows]:
    """Lines of the list as it stands; of the revision that its committee knew: the last acknowledged one, or else the one before; and of
    every revision that it may have read since it last acknowledged one."""
    issues = (await ask.ask("handovers/issues", {"handover_id": UUID(handover.handover_id)}))[:-1]
    acknowledged = max(
        (number for number, one in enumerate(issues) if one["acknowledged"]), default=None
    )
    known, since = (
        issues[-1:] if acknowledged is None else issues[acknowledged:][:1],
        issues[acknowledged or 0 :],
    )
    rows = await lines_of(ask, [handover.issue_id, *(one["issue_id"] for one in since)])
    now, before, seen = (
        [row for one in those for row in rows.get(one, ())]
        for those in (
            [handover.issue_id],
            [one["issue_id"] for one in known],
            [one["issue_id"] for one in since],
        )
    )
    return now, before, seen


async def handover_of(ask: ReadSide, handover_id: UUID, account: Account) -> HandoverOut:
    """Raises `Problem` where there is none, or where it is not in the account's area."""
    found = await current_handovers(ask, handover_id=handover_id)
    if not found:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "unknown-handover",
            "no list has this id; a new one may take a second to appear",
        )
    require_area(account, found[0].unit_code)
    return found[0]


async def current_handovers(
    ask: ReadSide,
    *,
    handover_id: UUID | None = None,
    unit_code: str | None = None,
    case_id: UUID | None = None,
    state: State | None = None,
    area: str = "",
    limit: int = 20_000,
) -> list[HandoverOut]:
    """Every list as it stands."""
    parameters = {
        "handover_id": handover_id or NOBODY,
        "any_handover": handover_id is None,
        "case_id": case_id or NOBODY,
        "any_case": case_id is None,
        "unit_code": unit_code or "",
        "any_unit": unit_code is None,
        "state": state or "",
        "any_area": not area,
        "area": list(units_below(area)),
        "limit": limit,
    }
    rows = await ask.ask("handovers/current", parameters)
    return [HandoverOut(**row, unit_name=unit_name(row["unit_code"])) for row in rows]


async def lines_of(ask: ReadSide, issue_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Lines by issue."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in await ask.ask("handovers/lines", {"issue_ids": issue_ids}):
        lines.setdefault(row.pop("issue_id"), []).append(row)
    return lines
