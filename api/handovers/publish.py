"""Brings issues of lists to the broker, and waits a bounded time until whoever asks sees them."""

import asyncio
import time
from collections.abc import Sequence

from api.doors import Doors
from schemas.events import HandoverEvent, HandoverIssued
from schemas.topics import HANDOVERS

POLL_S = 0.1


async def publish(doors: Doors, events: Sequence[HandoverEvent]) -> None:
    """Raises `Unavailable` in bounded time."""
    if events:
        await doors.broker.accept_all(HANDOVERS, [(event.handover_id, event) for event in events])


async def shown(doors: Doors, issues: Sequence[HandoverIssued]) -> bool:
    """Whether these issues can be read; waits for it as long as a request may take."""
    deadline = time.monotonic() + doors.settings.request_timeout_s
    parameters = {"handover_ids": [one.handover_id for one in issues], "issue_ids": [one.event_id for one in issues]}
    while issues and (await doors.clickhouse.ask("handovers/shown", parameters))[0]["issues"] < len(issues):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True
