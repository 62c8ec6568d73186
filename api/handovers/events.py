"""A trace as lists of events: the same trace always makes the same issue of the same list. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.handovers.lists import HandoverOut, Line
from api.tracing.forward_trace import TracePerson
from schemas.contract.events import ContactHandedOver, HandoverEvent, HandoverIssued
from schemas.contract.ids import CaseId, EventId, HandoverId, derive_id
from schemas.domain.local_time import VIETNAM

MAX_FOLLOW_DAYS = 60
"""Most days for which people are watched after an exposure."""


@dataclass(frozen=True, slots=True)
class HandoverTerms:
    """The terms that hold for every list of one hand-over."""

    case_id: CaseId
    rules_id: str
    depth: int
    follow_days: int
    unlisted: int
    deadline: timedelta
    issued_at: datetime
    account: str


def lines_by_commune(people: Sequence[TracePerson], follow_days: int) -> dict[str, list[Line]]:
    """Returns the lines by unit code; it is empty for people whose residence nobody knows."""
    lines: dict[str, list[Line]] = {}
    for person in people:
        lines.setdefault(person.residence_code, []).append(_line(person, follow_days))
    return lines


def handover_id_of(case_id: str, unit_code: str) -> HandoverId:
    return HandoverId(derive_id("handover", case_id, unit_code))


def issue_events(
    terms: HandoverTerms, unit_code: str, lines: Sequence[Line], before: HandoverOut | None
) -> list[HandoverEvent]:
    """Returns an event for each line, and last the word that the list is complete.

    The id of the issue follows from its content and from what it replaces: an issue made twice is
    one. No lines withdraw the list.
    """
    handover_id = handover_id_of(terms.case_id, unit_code)
    digest = hashlib.sha256(repr(sorted(content(lines))).encode()).hexdigest()
    replaced_id = before.issue_id if before else ""
    issue_id = EventId(derive_id("handover-issued", handover_id, replaced_id, digest))
    common: dict[str, Any] = {
        "handover_id": handover_id,
        "case_id": terms.case_id,
        "unit_code": unit_code,
        "issued_at": terms.issued_at,
    }
    complete = HandoverIssued(
        **common,
        event_id=issue_id,
        people=len(lines),
        rules_id=terms.rules_id,
        depth=terms.depth,
        follow_days=terms.follow_days,
        unlisted=terms.unlisted,
        deadline_at=terms.issued_at + terms.deadline,
        submitted_by=terms.account,
    )
    return [*(_line_event(line, issue_id, common) for line in lines), complete]


def content(lines: Sequence[Line]) -> set[tuple[Any, ...]]:
    """Returns what makes two revisions differ.

    Of the last exposure that is only the day until which it is followed: at home it goes on while a
    case is not isolated, and a list is not revised every second for that.
    """
    return {
        tuple(line.model_dump(mode="json", exclude={"last_exposed_at"}).values()) for line in lines
    }


def _line(person: TracePerson, follow_days: int) -> Line:
    follow_until = person.last_exposed_at.astimezone(VIETNAM) + timedelta(days=follow_days)
    return Line(
        person_id=person.person_id,
        generation=person.generation,
        exposed_at=_in_milliseconds(person.exposed_at),
        last_exposed_at=_in_milliseconds(person.last_exposed_at),
        follow_until=follow_until.date(),
        source_id=person.exposed_by,
        place=person.exposed_place,
    )


def _line_event(line: Line, issue_id: EventId, common: Mapping[str, Any]) -> ContactHandedOver:
    event_id = EventId(derive_id("handed-over", issue_id, line.person_id))
    return ContactHandedOver(event_id=event_id, issue_id=issue_id, **common, **line.model_dump())


def _in_milliseconds(at: datetime) -> datetime:
    """Cuts the time to milliseconds, as times are stored."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
