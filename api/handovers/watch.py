"""Looks after the lists while nobody asks: shows the overdue ones to the committees above, and withdraws those of retracted cases.

Every door does it, and none needs the others: the ids of what it writes follow from what it found, so that doing it twice does no harm.
"""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from clickhouse_connect.driver.exceptions import DatabaseError

from api.doors.doors import Doors, Recent
from api.handovers.events import Handing, issue
from api.handovers.lists import current_handovers
from api.handovers.publish import publish
from infra.errors import Unavailable
from schemas.contract.events import HandoverEscalated, HandoverEvent
from schemas.contract.ids import CaseId, EventId, HandoverId, derive_id
from schemas.domain.places import parents

log = structlog.get_logger()
REMEMBERED, AGAIN_S, REASON_MOST = 100_000, 60.0, 300
WATCH = "watch"
"""Stands for the account where no account did it."""


async def watch(doors: Doors) -> None:
    """Until it is cancelled. While a dependency is away, or refuses, it tries again."""
    done = Recent[float](REMEMBERED)
    while True:
        try:
            await look(doors, done)
        except (Unavailable, DatabaseError) as trouble:
            log.warning(
                "lists cannot be looked after now",
                reason=f"{type(trouble).__name__}: {trouble}"[:REASON_MOST],
            )
        await asyncio.sleep(doors.settings.handover_watch_s)


async def look(doors: Doors, done: Recent[float]) -> None:
    """One round. What was published a moment ago is not published again, though the tables may not show it yet."""
    now = time.monotonic()
    events = [*await overdue(doors), *await withdrawn(doors)]
    fresh = [event for event in events if now - (done.get(event.event_id) or -AGAIN_S) >= AGAIN_S]
    await publish(doors, fresh)
    for event in fresh:
        done.keep(event.event_id, now)


async def overdue(doors: Doors) -> list[HandoverEvent]:
    now = datetime.now(UTC)
    rows = await doors.clickhouse.ask("handovers/overdue", {})
    return [event for row in rows for event in _escalation(row, now)]


def _escalation(row: dict[str, Any], now: datetime) -> Iterable[HandoverEvent]:
    """To the district, then to the province; nobody stands above that."""
    above = [code for code in parents(row["unit_code"]) if code not in row["escalated_to"]]
    if above:
        yield HandoverEscalated(
            event_id=EventId(derive_id("handover-escalated", row["issue_id"], above[0])),
            handover_id=HandoverId(row["handover_id"]),
            issue_id=EventId(row["issue_id"]),
            to_unit_code=above[0],
            escalated_at=now,
        )


async def withdrawn(doors: Doors) -> list[HandoverEvent]:
    """Empty issues of every list of a case that was retracted."""
    events = list[HandoverEvent]()
    for row in await doors.clickhouse.ask("handovers/retracted", {}):
        for before in await current_handovers(doors.clickhouse, case_id=UUID(row["case_id"])):
            if before.people:
                handing = Handing(
                    case_id=CaseId(before.case_id),
                    rules_id=before.rules_id,
                    depth=before.depth,
                    follow_days=before.follow_days,
                    unlisted=0,
                    deadline=before.deadline_at - before.waiting_since,
                    issued_at=datetime.now(UTC),
                    account=WATCH,
                )
                events += issue(handing, before.unit_code, [], before)
    return events
