"""The lists as a committee, or the tracing team, sees them.

Each stands with its lines and with what changed since the last revision.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.accounts.jurisdiction import require_area, units_below
from api.backends.clickhouse import ReadSide
from api.doors.services import Services, ServicesDep
from api.handovers.since_issued import current_identities_of, followed_by, own_cases_today
from api.http.fields import Output
from api.http.problems import Problem
from schemas.domain.places import unit_name

router = APIRouter(prefix="/handovers", tags=["handovers"])
NO_ID = UUID(int=0)
"""Stands for an id in a query that asks for any."""
State = Literal["waiting", "overdue", "acknowledged"]


class HandoverOut(Output):
    """The list of one case for one commune; with 0 `people` it is withdrawn.

    `escalated_to` are the committees above that were told since `waiting_since`.
    """

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
    """Number of contacts in crowds that the trace does not list."""
    state: State
    outdated: bool
    """True: the case was reported, and so perhaps corrected, after it was last handed over.

    Hand it over again.
    """
    waiting_since: datetime
    """Time of the first issue since the last one that was acknowledged."""
    deadline_at: datetime
    """End of the time to acknowledge, from `waiting_since`: a revision gives no more time."""
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
    """Confirmed cases that they are themselves, at any time."""


class HandoverDetail(HandoverOut):
    """A list with its lines; `complete` is false while not all lines have arrived."""

    lines: list[LineOut]
    complete: bool
    known_as: dict[str, str]
    """Current pseudonym by listed pseudonym, for people whom a link gave another one.

    People who have left the list are included. Until the link the listed pseudonym stood for a
    document alone.
    """
    joined: list[str]
    """People new since the last acknowledged revision, or since the one before if none was."""
    left: list[str]
    """People on any revision since then who are now on no list; inform them."""
    passed_on: dict[str, str]
    """People who left this list for another commune's, each with that commune's code."""


class ListHistory(NamedTuple):
    """The lines of a list, now and as its committee may have read them."""

    now: list[Line]
    known: list[Line]
    """Lines of the revision that the committee knew: the last acknowledged, or the one before."""
    since: list[Line]
    """Lines of every revision it may have read since it acknowledged one, that one included."""


@router.get("")
async def list_handovers(
    account: Annotated[Account, requires("committee", "tracer")],
    services: ServicesDep,
    unit_code: Annotated[str | None, Query(max_length=20)] = None,
    case_id: UUID | None = None,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> HandoverPage:
    """Lists the hand-overs; a committee sees its own, and those below it.

    `unit_code` selects a commune's own lists, and for a district or province those that were
    escalated to it. Empty, it selects lists of people whose residence nobody knows, which stay with
    the tracing team. Left out, it selects all.
    """
    handovers = await current_handovers(
        services.clickhouse,
        unit_code=unit_code,
        case_id=case_id,
        state=state,
        area=account.area,
        limit=limit + 1,
    )
    return HandoverPage(handovers=handovers[:limit], truncated=len(handovers) > limit)


async def detail_of(services: Services, handover_id: UUID, account: Account) -> HandoverDetail:
    """Returns the list with its lines. Raises `Problem` as `handover_of` does."""
    handover = await handover_of(services.clickhouse, handover_id, account)
    history = await history_of(services.clickhouse, handover)
    identities = await current_identities_of(services, [*history.now, *history.since])
    own_cases = await own_cases_today(services, history.now, identities)
    joined = _missing_from(history.known, history.now, identities)
    gone = _missing_from(history.now, history.since, identities)
    passed_on = await followed_by(services, gone, identities)
    lines = list[LineOut]()
    for line in history.now:
        case_ids = [case.case_id for case in own_cases[line.person_id]]
        lines.append(LineOut(**line.model_dump(), own_case_ids=case_ids))
    return HandoverDetail(
        **handover.model_dump(),
        lines=lines,
        complete=len(lines) == handover.people,
        known_as=identities,
        joined=[line.person_id for line in joined],
        left=[line.person_id for line in gone if line.person_id not in passed_on],
        passed_on=passed_on,
    )


def _missing_from(
    others: Iterable[Line], lines: Iterable[Line], identities: Mapping[str, str]
) -> list[Line]:
    """Returns the people of `lines` who are nobody of `others`, each once, by pseudonym."""
    others_today = {identities.get(line.person_id, line.person_id) for line in others}
    missing = dict[str, Line]()
    for line in lines:
        if identities.get(line.person_id, line.person_id) not in others_today:
            missing[line.person_id] = line
    return [missing[person_id] for person_id in sorted(missing)]


async def history_of(ask: ReadSide, handover: HandoverOut) -> ListHistory:
    issues = await ask.ask("handovers/issues", {"handover_id": UUID(handover.handover_id)})
    earlier = issues[:-1]
    acknowledged = [number for number, issue in enumerate(earlier) if issue["acknowledged"]]
    since = [issue["issue_id"] for issue in earlier]
    known = since[-1:]
    if acknowledged:
        since = since[acknowledged[-1] :]
        known = since[:1]
    lines = await lines_of(ask, [handover.issue_id, *since])
    return ListHistory(
        now=_lines_of_issues([handover.issue_id], lines),
        known=_lines_of_issues(known, lines),
        since=_lines_of_issues(since, lines),
    )


def _lines_of_issues(
    issue_ids: Sequence[str], lines_by_issue: Mapping[str, Sequence[Line]]
) -> list[Line]:
    lines = list[Line]()
    for issue_id in issue_ids:
        lines.extend(lines_by_issue.get(issue_id, ()))
    return lines


async def handover_of(ask: ReadSide, handover_id: UUID, account: Account) -> HandoverOut:
    """Returns the list. Raises `Problem` where there is none, or it is outside the area."""
    handovers = await current_handovers(ask, handover_id=handover_id)
    if not handovers:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "unknown-handover",
            "no list has this id; a new one may take a second to appear",
        )
    require_area(account, handovers[0].unit_code)
    return handovers[0]


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
    """Returns every list that fits, as it stands."""
    parameters = {
        "handover_id": handover_id or NO_ID,
        "any_handover": handover_id is None,
        "case_id": case_id or NO_ID,
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


async def lines_of(ask: ReadSide, issue_ids: Sequence[str]) -> dict[str, list[Line]]:
    """Returns the lines by issue."""
    lines: dict[str, list[Line]] = {}
    for row in await ask.ask("handovers/lines", {"issue_ids": list(issue_ids)}):
        issue_id = row.pop("issue_id")
        lines.setdefault(issue_id, []).append(Line(**row))
    return lines
