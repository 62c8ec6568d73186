"""The read side knows on the real path which declarations were cancelled or replaced."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.backends.clickhouse import ReadSide
from infra.tools.doors_client import DoorsClient
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

CITIZEN = {"document_number": "051180668101", "full_name": "Trần Thị Mai", "birth_date": "1980"}
JOURNEY = {
    "origin_code": "21025",
    "destination_code": "21439",
    "departure_at": "2021-11-02T07:00:00",
}
DECLARED = datetime(2021, 11, 2, tzinfo=UTC)


def ended(stack: RunningStack, declaration_id: str) -> datetime | None:
    """Returns when the declaration ended, as a door finds it that did not take it itself."""

    async def ask() -> datetime | None:
        side = ReadSide(stack.settings)
        try:
            return await side.declaration_ended(UUID(declaration_id))
        finally:
            await side.close()

    return asyncio.run(ask())


def test_another_door_knows_which_declarations_were_cancelled_or_replaced(
    stack: RunningStack,
) -> None:
    with DoorsClient(stack.settings, "admin") as doors:

        def declare(**more: Any) -> str:
            declaration = CITIZEN | JOURNEY | {"declared_at": DECLARED.isoformat()} | more
            return str(doors.post("/declarations", declaration)["declaration_id"])

        cancelled, replaced = declare(), declare()
        at = DECLARED + timedelta(hours=1)
        doors.post(f"/declarations/{cancelled}/cancellation", {"cancelled_at": at.isoformat()})
        newest = declare(replaces=replaced, declared_at=at.isoformat())
    cancelled_at = wait_until(
        lambda: ended(stack, cancelled), what="the cancellation to be in ClickHouse", poll_s=0.5
    )
    assert cancelled_at == at
    replaced_at = wait_until(
        lambda: ended(stack, replaced),
        what="the newer declaration to be in ClickHouse",
        poll_s=0.5,
    )
    assert replaced_at == at
    assert ended(stack, newest) is None
