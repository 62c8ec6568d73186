"""Brings issues of lists to the broker, and waits a bounded time until whoever asks sees them."""

import asyncio
import time
from collections.abc import Collection, Sequence
from uuid import UUID

from api.doors import Doors
from api.handovers.lists import HandoverOut, current_handovers
from schemas.events import HandoverEvent
from schemas.topics import HANDOVERS

POLL_S = 0.1


async def publish(doors: Doors, events: Sequence[HandoverEvent]) -> None:
    """Raises `Unavailable` in bounded time."""
    if events:
        await doors.broker.accept_all(HANDOVERS, [(event.handover_id, event) for event in events])


async def shown(doors: Doors, case_id: UUID, issue_ids: Collection[str]) -> tuple[list[HandoverOut], bool]:
    """The lists of a case once these issues are among them, or after the time a request may take."""
    deadline = time.monotonic() + doors.settings.request_timeout_s
    while True:
        current = await current_handovers(doors.clickhouse, case_id=case_id)
        seen = set(issue_ids) <= {one.issue_id for one in current}
        if seen or time.monotonic() > deadline:
            return current, seen
        await asyncio.sleep(POLL_S)
