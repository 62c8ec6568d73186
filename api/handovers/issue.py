"""The door that hands a trace over: one list per commune of residence.

A list that changed gets a new revision, one that did not gets nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import Services, ServicesDep
from api.handovers.events import HandoverTerms, content, issue_events, lines_by_commune
from api.handovers.handover_request import HandoverIn, asked_event, with_last_request
from api.handovers.lists import HandoverOut, Line, current_handovers, lines_of
from api.handovers.publish import publish, wait_until_readable
from api.handovers.retained import retained_lines
from api.http.fields import Output
from api.http.problems import FieldFault, invalid
from api.people.people import END
from api.tracing.cases import NO_REPORT, wait_for_case
from api.tracing.export_values import crowded_out, not_followed
from api.tracing.forward import forward_trace_of
from api.tracing.forward_trace import ForwardTrace
from api.tracing.reassigned import current_identities, reassigned_people
from api.tracing.responses import RulesOut, ms, rules_out
from api.tracing.trace_request import ForwardIn, with_known_places
from schemas.contract.events import HandoverEvent, HandoverIssued
from schemas.contract.ids import CaseId

router = APIRouter(prefix="/handovers", tags=["handovers"])
NOT_OF_THE_TRACE = {"follow_days", "deadline_hours", "anew"}
"""Fields of a request that say how to hand over, not what to trace."""


class HandedOver(Output):
    """`handovers` is every list of the case as it stands now.

    `shown` says whether what was published could be read in time.
    """

    case_id: str
    person_id: str
    rules: RulesOut
    taken_over: list[str]
    """Fields left out of the request, which are as at the last hand-over of the case."""
    since: datetime
    until: datetime
    stays: int
    generations: list[int]
    unlisted: int
    not_followed: int
    issued: int
    """Number of new revisions, withdrawals included."""
    unchanged: int
    """Number of lists that hold and did not change."""
    handovers: list[HandoverOut]
    shown: bool


@router.post("", status_code=HTTPStatus.ACCEPTED)
async def hand_over(
    request: Request,
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    body: HandoverIn,
) -> HandedOver:
    """Traces the case and hands its contacts over.

    Waits until a new report is readable. Handed over again after new facts came in, lists that
    changed get a revision; a list that nobody is on any more is withdrawn.
    """
    asked_at = datetime.now(UTC)
    report_id = await _last_report(services, body.case_id)
    body, taken_over = await with_last_request(services.clickhouse, body)
    milestones = with_known_places(body.milestones, services.pseudonyms)
    body = body.model_copy(update={"milestones": milestones})
    trace = await forward_trace_of(services, ForwardIn(**body.model_dump(exclude=NOT_OF_THE_TRACE)))
    terms = _terms(body, trace, account, asked_at)
    events, unchanged = await _revisions(services, terms, trace)
    issues = [event for event in events if isinstance(event, HandoverIssued)]
    asked = asked_event(body, terms, report_id, len(issues))
    await publish(services, [*events, asked])
    readable = await wait_until_readable(services, asked, issues)
    return HandedOver(
        case_id=terms.case_id,
        person_id=trace.person_id,
        rules=rules_out(trace.rules),
        taken_over=taken_over,
        since=trace.since,
        until=trace.until,
        stays=trace.stays,
        generations=trace.generations,
        unlisted=terms.unlisted,
        not_followed=not_followed(trace),
        issued=len(issues),
        unchanged=unchanged,
        handovers=await current_handovers(services.clickhouse, case_id=body.case_id),
        shown=readable,
    )


async def _last_report(services: Services, case_id: UUID) -> str:
    """Returns the id of the newest readable report, after it has waited for one just accepted.

    A trace begun now goes by this report, or by a later one.
    """
    taken = services.accepted.reported.get(str(case_id))
    if not await wait_for_case(
        services.clickhouse, case_id, taken, services.settings.request_timeout_s
    ):
        services.accepted.reported.forget(str(case_id))  # it may never come
    parameters = {"case_id": case_id, "known_at": END}
    rows = await services.clickhouse.ask("tracing/case_as_known", parameters)
    return str(rows[0]["entry_id"]) if rows else NO_REPORT


def _terms(
    body: HandoverIn, trace: ForwardTrace, account: Account, asked_at: datetime
) -> HandoverTerms:
    follow_days = trace.rules.follow_days if body.follow_days is None else body.follow_days
    if follow_days is None:
        reason = (
            f"{trace.rules.source} does not settle for how many days a contact is watched: "
            "say it here"
        )
        raise invalid([FieldFault(field="follow_days", reason=reason)])
    return HandoverTerms(
        case_id=CaseId(str(body.case_id)),
        rules_id=trace.rules.rules_id,
        depth=body.depth,
        follow_days=follow_days,
        unlisted=crowded_out(trace),
        deadline=timedelta(hours=body.deadline_hours),
        issued_at=asked_at,
        account=account.name,
    )


async def _revisions(
    services: Services, terms: HandoverTerms, trace: ForwardTrace
) -> tuple[list[HandoverEvent], int]:
    """Returns the events of the lists that changed, and how many lists hold unchanged.

    People who were listed and are now left out of a crowd stay listed.
    """
    traced = lines_by_commune(trace.people, terms.follow_days)
    handovers = await current_handovers(services.clickhouse, case_id=UUID(terms.case_id))
    current = {handover.unit_code: handover for handover in handovers}
    by_issue = await lines_of(services.clickhouse, [handover.issue_id for handover in handovers])
    listed = {code: by_issue.get(before.issue_id, []) for code, before in current.items()}
    retained = await _retained_people(services, trace, listed.values())
    events, unchanged = list[HandoverEvent](), 0
    for unit_code in sorted(traced.keys() | current.keys()):
        before = listed.get(unit_code, [])
        stay = [line for line in before if line.person_id in retained]
        now = [*traced.get(unit_code, []), *stay]
        if unit_code not in current or content(now) != content(before):
            events += issue_events(terms, unit_code, now, current.get(unit_code))
        elif now:
            unchanged += 1
    return events, unchanged


async def _retained_people(
    services: Services, trace: ForwardTrace, listed: Iterable[Sequence[Line]]
) -> set[str]:
    """Returns who may be missing from the trace only because too many others were met.

    People who have another identity by now are not among them.
    """
    if not trace.crowds and not trace.not_followed:
        return set()
    reached = {trace.person_id, *(person.person_id for person in trace.people)}
    missing = dict[str, Line]()
    for lines in listed:
        for line in lines:
            if line.person_id not in reached:
                missing[line.person_id] = line
    sources = {line.source_id for line in missing.values()}
    since, until = trace.since, max(trace.until, trace.contacts_until)
    reassigned = await reassigned_people(
        services.batched_queries, sorted(missing.keys() | sources), ms(since), ms(until)
    )
    identities = await current_identities(services, reassigned)
    still_themselves = [line for person, line in missing.items() if person not in identities]
    return {line.person_id for line in retained_lines(still_themselves, trace, identities)}
