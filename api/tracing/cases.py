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
from api.tracing.trace_request import AboutCase

Q = TypeVar("Q", bound=AboutCase)
POLL_S = 0.1
RETRACTED = "retracted"
NO_REPORT = str(UUID(int=0))


async def case_known(ask: ReadSide, case_id: UUID, last_report: str | None, wait_s: float) -> bool:
    """Waits for a case that may have been reported, or corrected, a moment ago; False if it does not appear in time. `last_report`: event
    of the last report that this door took; any report will do where it took none."""
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


async def with_case(ask: ReadSide, question: Q) -> Q:
    """The question with the person and times of its case filled in, as known at `known_at`; what the question itself says goes
    first. Raises `Problem` for a case that nobody reported, or that was retracted."""
    if question.case_id is None:
        return question
    case = await _report(ask, question)
    if case["status"] == RETRACTED:
        reason = "the case was retracted: ask with a known_at before that for whom to tell"
        raise invalid([FieldFault(field="case_id", reason=reason)])
    return _filled(question, case)


async def with_case_today(ask: ReadSide, question: Q) -> Q | None:
    """The same by today's report of the case; None where that retracts it."""
    question = question.model_copy(update={"known_at": None})
    if question.case_id is None:
        return question
    case = await _report(ask, question)
    return None if case["status"] == RETRACTED else _filled(question, case)


async def _report(ask: ReadSide, question: AboutCase) -> Mapping[str, Any]:
    rows = await ask.ask(
        "tracing/case_as_known", {"case_id": question.case_id, "known_at": question.known_at or END}
    )
    if not rows:
        raise invalid(
            [
                FieldFault(
                    field="case_id",
                    reason="no case with this id is known; a new one may take a second to appear",
                )
            ]
        )
    return rows[0]


def _filled(question: Q, case: Mapping[str, Any]) -> Q:
    known: dict[str, str | datetime | None] = {"person_id": case["person_id"]}
    if question.dated is None:
        known |= {"onset_at": case["onset_at"], "sampled_at": case["sampled_at"]}
    if getattr(question, "isolated_at", "not asked") is None:
        known |= {"isolated_at": case["isolated_at"]}
    return question.model_copy(update=known)
