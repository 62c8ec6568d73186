"""What a trace is as lists of events: pure, so that the same trace always makes the same issue of the same list."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.handovers.lists import HandoverOut, Line
from api.http.fields import VIETNAM
from schemas.contract.events import ContactHandedOver, HandoverEvent, HandoverIssued
from schemas.contract.ids import CaseId, EventId, HandoverId, derive_id

FOLLOW_DAYS_MOST = 60
"""Nobody is watched for longer after an exposure."""


@dataclass(frozen=True, slots=True)
class Handing:
    """What holds for every list of one hand-over."""

    case_id: CaseId
    rules_id: str
    depth: int
    follow_days: int
    unlisted: int
    deadline: timedelta
    issued_at: datetime
    account: str


def lines_by_commune(
    people: Sequence[Mapping[str, Any]], follow_days: int
) -> dict[str, list[Line]]:
    """`people` as a forward trace has them; those whose residence nobody knows under an empty code."""
    lines: dict[str, list[Line]] = {}
    for person in people:
        lines.setdefault(person["residence_code"], []).append(_line(person, follow_days))
    return lines


def handover_id_of(case_id: str, unit_code: str) -> HandoverId:
    return HandoverId(derive_id("handover", case_id, unit_code))


def issue(
    handing: Handing, unit_code: str, lines: Sequence[Line], before: HandoverOut | None
) -> list[HandoverEvent]:
    """The lines, and last the word that the list is complete. Its id follows from what it says and what it replaces: an issue made twice is
    one. No lines withdraw the list."""
    handover_id = handover_id_of(handing.case_id, unit_code)
    said = hashlib.sha256(repr(sorted(content(lines))).encode()).hexdigest()
    issue_id = EventId(
        derive_id("handover-issued", handover_id, before.issue_id if before else "", said)
    )
    common: dict[str, Any] = {
        "handover_id": handover_id,
        "case_id": handing.case_id,
        "unit_code": unit_code,
        "issued_at": handing.issued_at,
    }
    listed = [_listed(line, issue_id, common) for line in lines]
    complete = HandoverIssued(
        **common,
        event_id=issue_id,
        people=len(lines),
        rules_id=handing.rules_id,
        depth=handing.depth,
        follow_days=handing.follow_days,
        unlisted=handing.unlisted,
        deadline_at=handing.issued_at + handing.deadline,
        submitted_by=handing.account,
    )
    return [*listed, complete]


def content(lines: Sequence[Line]) -> set[tuple[Any, ...]]:
    """What makes two revisions differ. Of the last exposure only the day until which it is followed: at home it goes on while a case is not
    isolated, and a list is not revised every second for that."""
    return {
        tuple(line.model_dump(mode="json", exclude={"last_exposed_at"}).values()) for line in lines
    }


def _line(person: Mapping[str, Any], follow_days: int) -> Line:
    return Line(
        person_id=person["person_id"],
        generation=person["generation"],
        exposed_at=_whole(person["exposed_at"]),
        last_exposed_at=_whole(person["last_exposed_at"]),
        follow_until=(
            person["last_exposed_at"].astimezone(VIETNAM) + timedelta(days=follow_days)
        ).date(),
        source_id=person["exposed_by"],
        place=person["exposed_place"],
    )


def _listed(line: Line, issue_id: EventId, common: Mapping[str, Any]) -> ContactHandedOver:
    event_id = EventId(derive_id("handed-over", issue_id, line.person_id))
    return ContactHandedOver(event_id=event_id, issue_id=issue_id, **common, **line.model_dump())


def _whole(at: datetime) -> datetime:
    """In milliseconds, as they are stored."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
