"""Brings issues of lists to the broker, and waits a bounded time until whoever asks sees them."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.doors.doors import Doors
from schemas.contract.events import HandoverAsked, HandoverEvent, HandoverIssued
from schemas.contract.topics import HANDOVERS

POLL_S = 0.1


async def publish(doors: Doors, events: Sequence[HandoverEvent]) -> None:
    """Raises `Unavailable` in bounded time."""
    if events:
        await doors.broker.accept_all(HANDOVERS, [(_key(event), event) for event in events])


async def shown(doors: Doors, handed: HandoverAsked, issues: Sequence[HandoverIssued]) -> bool:
    """Whether these can be read; waits for it as long as a request may take."""
    deadline = time.monotonic() + doors.settings.request_timeout_s
    parameters: dict[str, Any] = {
        "handover_ids": [one.handover_id for one in issues],
        "issue_ids": [one.event_id for one in issues],
    }
    parameters |= {"case_id": UUID(handed.case_id), "asked_id": UUID(handed.event_id)}
    while (await doors.clickhouse.ask("handovers/published", parameters))[0]["events"] < len(
        issues
    ) + 1:
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True


def _key(event: HandoverEvent) -> str:
    return event.case_id if isinstance(event, HandoverAsked) else event.handover_id
