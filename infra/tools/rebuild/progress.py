"""How far the tables of a database are, by partition, and waiting until they are far enough."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from infra.clickhouse.client import AWAY, connect
from infra.errors import InfraError, Unavailable
from infra.kafka.offsets import Place
from infra.settings import Settings

POSITIONS = Path(__file__).with_name("positions.sql").read_text(encoding="utf-8")
LOOK_EVERY_S = 0.2
STALLED_S = 120.0
Report = Callable[[int, int], None]
"""Callback that gets the number of records done, and of all records."""


def positions(settings: Settings) -> Mapping[Place, int]:
    """Returns what the stage `project` has written in the settings' database.

    Raises `Unavailable`.
    """
    with connect(settings, "writer") as client:
        try:
            rows = client.query(POSITIONS).result_rows
        except AWAY as error:
            raise Unavailable("clickhouse", f"positions: {type(error).__name__}") from error
    return {(topic, partition): next_offset for topic, partition, next_offset in rows}


def left(done: Mapping[Place, int], target: Mapping[Place, int]) -> int:
    """Returns how many records lie between what is done and the target."""
    return sum(max(end - done.get(place, 0), 0) for place, end in target.items())


def wait_until_at(
    settings: Settings, target: Mapping[Place, int], report: Report, check: Callable[[], None]
) -> None:
    """Waits until the database is at the target. `check` raises when waiting has become useless.

    Raises `InfraError` when nothing moves for long.
    """
    total = sum(target.values())
    fewest_missing, moved_at = total + 1, time.monotonic()
    while missing := left(positions(settings), target):
        check()
        report(total - missing, total)
        if missing < fewest_missing:
            fewest_missing, moved_at = missing, time.monotonic()
        if time.monotonic() - moved_at > STALLED_S:
            raise InfraError(
                f"{settings.clickhouse_database}: {missing} records are left "
                f"and none was written for {STALLED_S:g} s."
            )
        time.sleep(LOOK_EVERY_S)
    report(total, total)
