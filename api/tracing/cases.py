"""A registered case as the start of a trace."""

import asyncio
import time
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from api.clickhouse import ReadSide
from api.people import END
from api.problems import FieldFault, invalid
from api.tracing.question import AboutCase

Q = TypeVar("Q", bound=AboutCase)
POLL_S = 0.1


async def case_known(ask: ReadSide, case_id: UUID, wait_s: float) -> bool:
    """Waits for a case that may have been reported a moment ago; False if it does not appear in time."""
    deadline = time.monotonic() + wait_s
    while not await ask.ask("tracing/case_as_known", {"case_id": case_id, "known_at": END}):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True


async def person_of_case(ask: ReadSide, question: AboutCase) -> str | None:
    """Whose the case of a question is known to be today; None where it names no case."""
    if question.case_id is None:
        return None
    rows = await ask.ask("tracing/case_as_known", {"case_id": question.case_id, "known_at": END})
    return rows[0]["person_id"] if rows else None


async def with_case(ask: ReadSide, question: Q) -> Q:
    """The question with the person and times of its case filled in, as known at `known_at`; what the question itself says goes
    first. Raises `Problem` for a case that nobody reported, or that was retracted."""
    if question.case_id is None:
        return question
    rows = await ask.ask("tracing/case_as_known", {"case_id": question.case_id, "known_at": question.known_at or END})
    if not rows:
        raise invalid([FieldFault(field="case_id", reason="no case with this id is known; a new one may take a second to appear")])
    case = rows[0]
    if case["status"] == "retracted":
        reason = "the case was retracted: ask with a known_at before that for whom to tell"
        raise invalid([FieldFault(field="case_id", reason=reason)])
    known: dict[str, str | datetime | None] = {"person_id": case["person_id"]}
    if question.dated is None:
        known |= {"onset_at": case["onset_at"], "sampled_at": case["sampled_at"]}
    if getattr(question, "isolated_at", "not asked") is None:
        known |= {"isolated_at": case["isolated_at"]}
    return question.model_copy(update=known)
