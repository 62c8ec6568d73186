"""Looks after the lists while nobody asks.

It shows the overdue ones to the committees above, and withdraws those of retracted cases. Every
door does it, and none needs the others: the ids of what it writes follow from what it read, so that
doing it twice does no harm.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from clickhouse_connect.driver.exceptions import DatabaseError

from api.backends.recent import Recent
from api.doors.services import Services
from api.handovers.events import HandoverTerms, issue_events
from api.handovers.lists import HandoverOut, current_handovers
from api.handovers.publish import publish
from infra.errors import Unavailable
from schemas.contract.events import HandoverEscalated, HandoverEvent
from schemas.contract.ids import CaseId, EventId, HandoverId, derive_id
from schemas.domain.places import parents

log = structlog.get_logger()
MAX_REMEMBERED = 100_000
PUBLISH_AGAIN_S = 60.0
MAX_REASON_CHARACTERS = 300
WATCH = "watch"
"""Stands for the account where no account acted."""


async def watch(services: Services) -> None:
    """Runs until it is cancelled. While a dependency is away, or refuses, it tries again."""
    published = Recent[float](MAX_REMEMBERED)
    while True:
        try:
            await look(services, published)
        except (Unavailable, DatabaseError) as trouble:
            reason = f"{type(trouble).__name__}: {trouble}"[:MAX_REASON_CHARACTERS]
            log.warning("lists cannot be looked after now", reason=reason)
        await asyncio.sleep(services.settings.handover_watch_s)


async def look(services: Services, published: Recent[float]) -> None:
    """Does one round; `published` has the time at which each event was last published.

    What was published a moment ago is not published again, though the tables may not show it yet.
    """
    now = time.monotonic()
    fresh = list[HandoverEvent]()
    for event in (*await overdue(services), *await withdrawn(services)):
        last = published.get(event.event_id)
        if last is None or now - last >= PUBLISH_AGAIN_S:
            fresh.append(event)
    await publish(services, fresh)
    for event in fresh:
        published.keep(event.event_id, now)


async def overdue(services: Services) -> list[HandoverEvent]:
    """Returns the escalations of overdue lists."""
    now = datetime.now(UTC)
    rows = await services.clickhouse.ask("handovers/overdue", {})
    escalations = [_escalation(row, now) for row in rows]
    return [event for event in escalations if event is not None]


def _escalation(row: Mapping[str, Any], now: datetime) -> HandoverEscalated | None:
    """Escalates to the district, then to the province; nobody stands above that."""
    above = [code for code in parents(row["unit_code"]) if code not in row["escalated_to"]]
    if not above:
        return None
    return HandoverEscalated(
        event_id=EventId(derive_id("handover-escalated", row["issue_id"], above[0])),
        handover_id=HandoverId(row["handover_id"]),
        issue_id=EventId(row["issue_id"]),
        to_unit_code=above[0],
        escalated_at=now,
    )


async def withdrawn(services: Services) -> list[HandoverEvent]:
    """Returns empty issues of every list of a case that was retracted."""
    events = list[HandoverEvent]()
    for row in await services.clickhouse.ask("handovers/retracted", {}):
        for before in await current_handovers(services.clickhouse, case_id=UUID(row["case_id"])):
            if before.people:
                events += issue_events(_terms_of(before), before.unit_code, [], before)
    return events


def _terms_of(before: HandoverOut) -> HandoverTerms:
    return HandoverTerms(
        case_id=CaseId(before.case_id),
        rules_id=before.rules_id,
        depth=before.depth,
        follow_days=before.follow_days,
        unlisted=0,
        deadline=before.deadline_at - before.waiting_since,
        issued_at=datetime.now(UTC),
        account=WATCH,
    )
