"""Knows whether the tables hold everything that was in them before.

Tables that were lost fill again from the log, which takes minutes, and reads answer from what is
there. The group of the stage `project` commits only what is in the tables: where they are behind
its commits they have lost something. Ordinary lag lies beyond the commits, and is no loss.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import structlog
from clickhouse_connect.driver.exceptions import DatabaseError

from api.backends.clickhouse import ReadSide
from infra.errors import Unavailable
from infra.kafka.group_offsets import GroupOffsets
from infra.kafka.offsets import Place
from infra.settings import Settings
from schemas.contract.topics import TOPICS

log = structlog.get_logger()
LOOK_S = 5.0
TOPIC_NAMES = frozenset(topic.name for topic in TOPICS)


@dataclass(frozen=True, slots=True)
class Refill:
    """What is missing of the tables."""

    records_left: int
    since: datetime
    """When this door first saw it."""


class Log(Protocol):
    """What the group of `project` has finished, as the watch needs it."""

    def committed(self, topics: Collection[str]) -> Mapping[Place, int]: ...

    def beginnings(self, places: Collection[Place]) -> Mapping[Place, int]: ...

    def close(self) -> None: ...


class TablesWatch:
    """Looks every few seconds. What it last saw counts while ClickHouse or the broker is away."""

    def __init__(self, clickhouse: ReadSide, log_of_group: Log) -> None:
        self._clickhouse = clickhouse
        self._log = log_of_group
        self.refill: Refill | None = None
        """None while nothing is missing."""
        self.has_looked = False

    @classmethod
    def of(cls, settings: Settings, clickhouse: ReadSide) -> "TablesWatch":
        group = f"{settings.consumer_group}-project"
        return cls(clickhouse, GroupOffsets(settings, group))

    @property
    def incomplete_since(self) -> datetime | None:
        return self.refill.since if self.refill else None

    async def watch(self) -> None:
        while True:
            try:
                await self.look()
            except (Unavailable, DatabaseError) as error:
                log.debug("the tables cannot be compared with the log", reason=str(error))
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Compares the tables with what was finished. Raises `Unavailable`, or `DatabaseError`."""
        finished = await asyncio.to_thread(self._log.committed, TOPIC_NAMES)
        rows = await self._clickhouse.ask("backends/projected_positions", {})
        positions = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        behind = [place for place, end in finished.items() if positions.get(place, 0) < end]
        starts = await asyncio.to_thread(self._log.beginnings, behind) if behind else {}
        left = 0
        for place in behind:
            # What the log no longer has does not come back, and is not waited for.
            begin = max(positions.get(place, 0), starts.get(place, 0))
            left += max(finished[place] - begin, 0)
        self._note(left)

    def close(self) -> None:
        self._log.close()

    def _note(self, left: int) -> None:
        self.has_looked = True
        if left == 0:
            if self.refill is not None:
                log.info("the tables are complete again")
            self.refill = None
            return
        if self.refill is None:
            log.error("the tables are incomplete and fill again", records_left=left)
        since = self.refill.since if self.refill else datetime.now(UTC)
        self.refill = Refill(left, since)
