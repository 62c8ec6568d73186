"""The door that hands a trace over: one list per commune of residence, a new revision where it changed, nothing where it did not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from api.accounts.access import requires
from api.accounts.accounts import Account, account_of
from api.doors.doors import Doors, doors_of
from api.handovers.events import Handing, content, issue, lines_by_commune
from api.handovers.handover_request import HandoverIn, as_before, asked
from api.handovers.lists import HandoverOut, Line, current_handovers, lines_of
from api.handovers.publish import publish, shown
from api.handovers.retained import below_the_cut
from api.http.fields import Output
from api.http.problems import FieldFault, invalid
from api.people.people import END
from api.tracing.cases import NO_REPORT, case_known
from api.tracing.forward import answer_to
from api.tracing.reassigned import identified, moved_of
from api.tracing.responses import RulesOut, ms
from api.tracing.trace_request import ForwardIn, placed
from schemas.contract.events import HandoverEvent, HandoverIssued
from schemas.contract.ids import CaseId

router = APIRouter(prefix="/handovers", tags=["handovers"])


class HandedOver(Output):
    """`handovers`: every list of the case as it stands now. `shown`: whether what was published was seen in time."""

    case_id: str
    person_id: str
    rules: RulesOut
    taken_over: list[str]
    """Fields that were left out of the question, and are as they were at the last hand-over of the case."""
    since: datetime
    until: datetime
    stays: int
    generations: list[int]
    unlisted: int
    not_followed: int
    issued: int
    """New revisions, withdrawals included."""
    unchanged: int
    """Lists that hold and say what they said."""
    handovers: list[HandoverOut]
    shown: bool


@router.post("", status_code=HTTPStatus.ACCEPTED)
async def hand_over(
    request: Request, account: Annotated[Account, requires("tracer")], body: HandoverIn
) -> HandedOver:
    """Traces the case and hands its contacts over. Again after new facts came in it issues revisions of the lists that changed; a list
    that nobody is on any more is withdrawn. A case just reported is waited for."""
    doors, asked_at = doors_of(request), datetime.now(UTC)
    ask = doors.clickhouse
    report_id = await _last_report(doors, body.case_id)
    body, taken_over = await as_before(ask, body)
    body = body.model_copy(update={"milestones": placed(body.milestones, doors.pseudonyms)})
    answer = await answer_to(
        doors, ForwardIn(**body.model_dump(exclude={"follow_days", "deadline_hours", "anew"}))
    )
    handing = _handing(body, answer, account_of(request), asked_at)
    events, unchanged = await _issues(doors, handing, answer)
    issues = [event for event in events if isinstance(event, HandoverIssued)]
    handed = asked(body, handing, report_id, len(issues))
    await publish(doors, [*events, handed])
    seen = await shown(doors, handed, issues)
    return HandedOver(
        **{
            name: answer[name]
            for name in ("person_id", "rules", "since", "until", "stays", "generations")
        },
        case_id=handing.case_id,
        taken_over=taken_over,
        unlisted=handing.unlisted,
        not_followed=sum(answer["not_followed"].values()),
        issued=len(issues),
        unchanged=unchanged,
        handovers=await current_handovers(ask, case_id=body.case_id),
        shown=seen,
    )


async def _last_report(doors: Doors, case_id: UUID) -> str:
    """The one that a trace begun now goes by, or an earlier one; a report just taken is waited for."""
    taken = doors.reported.get(str(case_id))
    if not await case_known(doors.clickhouse, case_id, taken, doors.settings.request_timeout_s):
        doors.reported.forget(str(case_id))  # it may never come
    rows = await doors.clickhouse.ask(
        "tracing/case_as_known", {"case_id": case_id, "known_at": END}
    )
    return str(rows[0]["entry_id"]) if rows else NO_REPORT


def _handing(
    body: HandoverIn, answer: dict[str, Any], account: Account, asked_at: datetime
) -> Handing:
    rules = answer["rules"]
    follow_days = rules["follow_days"] if body.follow_days is None else body.follow_days
    if follow_days is None:
        reason = (
            f"{rules['source']} does not settle for how many days a contact is watched: say it here"
        )
        raise invalid([FieldFault(field="follow_days", reason=reason)])
    return Handing(
        case_id=CaseId(str(body.case_id)),
        rules_id=rules["rules_id"],
        depth=body.depth,
        follow_days=follow_days,
        unlisted=sum(one["more"] for one in answer["unlisted"]),
        deadline=timedelta(hours=body.deadline_hours),
        issued_at=asked_at,
        account=account.name,
    )


async def _issues(
    doors: Doors, handing: Handing, answer: dict[str, Any]
) -> tuple[list[HandoverEvent], int]:
    """Events of the lists that changed, and how many did not. Whoever was listed and now lies below the cut of a crowd stays listed."""
    ask, lines = doors.clickhouse, lines_by_commune(answer["people"], handing.follow_days)
    current = {
        one.unit_code: one for one in await current_handovers(ask, case_id=UUID(handing.case_id))
    }
    rows = await lines_of(ask, [one.issue_id for one in current.values()])
    listed = {
        code: [Line(**row) for row in rows.get(before.issue_id, [])]
        for code, before in current.items()
    }
    below = {
        line.person_id
        for line in await _below_the_cut(
            doors, answer, [line for before in listed.values() for line in before]
        )
    }
    events, unchanged = list[HandoverEvent](), 0
    for unit_code in sorted(lines.keys() | current.keys()):
        before = listed.get(unit_code, [])
        now = [*lines.get(unit_code, []), *(line for line in before if line.person_id in below)]
        if unit_code in current and _same(now, before):
            unchanged += bool(now)
        else:
            events += issue(handing, unit_code, now, current.get(unit_code))
    return events, unchanged


async def _below_the_cut(
    doors: Doors, answer: dict[str, Any], listed: Sequence[Line]
) -> list[Line]:
    """Who may be left out of a trace only because too many others were met, and is nobody else by now."""
    if not answer["unlisted"] and not answer["not_followed"]:
        return []
    reached = {answer["person_id"], *(one["person_id"] for one in answer["people"])}
    missing = {line.person_id: line for line in listed if line.person_id not in reached}
    period = ms(answer["since"]), ms(max(answer["until"], answer["contacts_until"]))
    people = sorted(missing.keys() | {line.source_id for line in missing.values()})
    known_as = await identified(doors, await moved_of(doors.together, people, *period))
    return below_the_cut(
        (line for person, line in missing.items() if person not in known_as), answer, known_as
    )


def _same(lines: Sequence[Line], before: Sequence[Line]) -> bool:
    return content(lines) == content(before)
