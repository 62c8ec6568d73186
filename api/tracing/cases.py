"""A registered case as the start of a trace."""

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from api.backends.clickhouse import ReadSide
from api.http.problems import FieldFault, invalid
from api.people.people import END
from api.tracing.trace_request import AboutCase, ForwardIn

Q = TypeVar("Q", bound=AboutCase)
POLL_S = 0.1
RETRACTED = "retracted"
NO_REPORT = str(UUID(int=0))


async def wait_for_case(
    ask: ReadSide, case_id: UUID, last_report: str | None, wait_s: float
) -> bool:
    """Waits for a case that may have been reported, or corrected, a moment ago.

    `last_report` is the event of the last report that this door took; any report will do where it
    took none. Returns False if the report does not appear in time.
    """
    deadline = time.monotonic() + wait_s
    parameters = {
        "case_id": case_id,
        "any_report": last_report is None,
        "entry_id": UUID(last_report or NO_REPORT),
    }
    while not (await ask.ask("tracing/case_known", parameters))[0]["reports"]:
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True


async def with_case(ask: ReadSide, request: Q) -> Q:
    """Fills in the person and times of the request's case, as known at `known_at`.

    What the request itself states goes first. Raises `Problem` for a case that nobody reported, or
    that was retracted.
    """
    if request.case_id is None:
        return request
    report = await _report(ask, request)
    if report["status"] == RETRACTED:
        reason = "the case was retracted: ask with a known_at before that for whom to tell"
        raise invalid([FieldFault(field="case_id", reason=reason)])
    return _filled_in(request, report)


async def with_case_today(ask: ReadSide, request: Q) -> Q | None:
    """Fills in the case by today's report; returns None where that retracts it."""
    request = request.model_copy(update={"known_at": None})
    if request.case_id is None:
        return request
    report = await _report(ask, request)
    return None if report["status"] == RETRACTED else _filled_in(request, report)


async def _report(ask: ReadSide, request: AboutCase) -> Mapping[str, Any]:
    parameters = {"case_id": request.case_id, "known_at": request.known_at or END}
    rows = await ask.ask("tracing/case_as_known", parameters)
    if not rows:
        reason = "no case with this id is known; a new one may take a second to appear"
        raise invalid([FieldFault(field="case_id", reason=reason)])
    return rows[0]


def _filled_in(request: Q, report: Mapping[str, Any]) -> Q:
    known: dict[str, str | datetime | None] = {"person_id": report["person_id"]}
    if request.dated is None:
        known |= {"onset_at": report["onset_at"], "sampled_at": report["sampled_at"]}
    if isinstance(request, ForwardIn) and request.isolated_at is None:
        known["isolated_at"] = report["isolated_at"]
    return request.model_copy(update=known)
