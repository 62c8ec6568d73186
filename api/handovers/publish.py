"""Brings issues of lists to the broker, and waits a bounded time until they can be read."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.doors.services import Services
from schemas.contract.events import HandoverAsked, HandoverEvent, HandoverIssued
from schemas.contract.topics import HANDOVERS

POLL_S = 0.1


async def publish(services: Services, events: Sequence[HandoverEvent]) -> None:
    """Brings the events to the broker. Raises `Unavailable` in bounded time."""
    if events:
        await services.broker.accept_all(HANDOVERS, [(_key(event), event) for event in events])


async def wait_until_readable(
    services: Services, asked: HandoverAsked, issues: Sequence[HandoverIssued]
) -> bool:
    """Says whether the events can be read; waits for it as long as a request may take."""
    deadline = time.monotonic() + services.settings.request_timeout_s
    parameters: dict[str, Any] = {
        "handover_ids": [issue.handover_id for issue in issues],
        "issue_ids": [issue.event_id for issue in issues],
        "case_id": UUID(asked.case_id),
        "asked_id": UUID(asked.event_id),
    }
    expected = len(issues) + 1
    while (await services.clickhouse.ask("handovers/published", parameters))[0][
        "events"
    ] < expected:
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_S)
    return True


def _key(event: HandoverEvent) -> str:
    return event.case_id if isinstance(event, HandoverAsked) else event.handover_id
