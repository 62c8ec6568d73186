"""Makes tables anew in the shadow database and swaps them in, while reads and writes go on.

Guarantees: the live tables are untouched until the swap; a record that arrives during it is in the
new tables, once. The swap goes so:

- The live positions are closed for about a second: no position moves any more.
- The new tables are waited for until they are as far; then each table is exchanged.
- The positions stay as they are, for the new tables hold at least what lies before them.
- A batch that was in work is refused its position, because its generation is over, and is done
  again into the new tables.

Closing ends by itself, should this process be killed.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.clickhouse.generation import generation
from infra.errors import InfraError
from infra.kafka.offsets import Place, ends
from infra.settings import Settings
from infra.tools.rebuild.log import refuse_incomplete
from infra.tools.rebuild.models import ReadModel, topics_of
from infra.tools.rebuild.progress import LOOK_EVERY_S, Report, left, positions, wait_until_at
from infra.tools.rebuild.shadow import Shadow, shadow_database

HERE = Path(__file__).parent
CLOSE = (HERE / "close.sql").read_text(encoding="utf-8")
OPEN = (HERE / "open.sql").read_text(encoding="utf-8")
EXCHANGE = (HERE / "exchange.sql").read_text(encoding="utf-8")
MAX_CLOSED_S, TRIES = 20, 10


@dataclass(frozen=True, slots=True)
class Rebuilt:
    records: int
    """Records replayed until the tables were for the first time where the log ended."""
    replay_s: float
    closed_s: float
    """Time for which the live stage waited."""


def rebuild_tables(settings: Settings, models: Sequence[ReadModel], report: Report) -> Rebuilt:
    """Raises `SetupError` where the log is no longer whole."""
    refuse_incomplete(settings, models)
    begun = time.monotonic()
    with shadow_database(settings, models) as shadow:
        target = ends(settings, topics_of(models))
        wait_until_at(shadow.settings, target, report, shadow.check)
        replay_s = time.monotonic() - begun
        closed_s = swap(settings, shadow, models)
    return Rebuilt(sum(target.values()), replay_s, closed_s)


def swap(live: Settings, shadow: Shadow, models: Sequence[ReadModel]) -> float:
    """Returns the seconds for which the positions were closed.

    Raises `InfraError` when the new tables do not come close enough to the live ones.
    """
    topics = {topic.name for topic in topics_of(models)}
    for _ in range(TRIES):
        target = _of_topics(positions(live), topics)
        wait_until_at(shadow.settings, target, _report_nothing, shadow.check)
        with connect(live, "writer") as client, closed(client) as until:
            begun = time.monotonic()
            if _caught_up(live, shadow, topics, until - MAX_CLOSED_S / 2):
                _exchange(client, live, shadow, models)
                return time.monotonic() - begun
    raise InfraError(
        "The new tables do not catch up with the live ones, which are as they were: "
        "try again when fewer records arrive."
    )


@contextmanager
def closed(client: Client) -> Iterator[float]:
    """Lets no position move. Yields the time (monotonic) at which it ends by itself.

    A generation ends with the closing and another with the opening, so that a batch that began
    before either is done again.
    """
    begun = generation(client)
    until = int(time.time()) + MAX_CLOSED_S
    client.command(CLOSE, parameters={"generation": begun + 1, "until": until})
    try:
        yield time.monotonic() + MAX_CLOSED_S
    finally:
        client.command(OPEN, parameters={"generation": begun + 2})


def _caught_up(live: Settings, shadow: Shadow, topics: set[str], until: float) -> bool:
    """Returns whether the new tables are, in time, where the live ones stopped.

    Positions are read twice: one may have been on its way at the closing.
    """
    seen: Mapping[Place, int] = {}
    while time.monotonic() < until:
        before, seen = seen, _of_topics(positions(live), topics)
        if before == seen and not left(positions(shadow.settings), seen):
            return True
        shadow.check()
        time.sleep(LOOK_EVERY_S)
    return False


def _exchange(client: Client, live: Settings, shadow: Shadow, models: Sequence[ReadModel]) -> None:
    for model in models:
        names = {
            "live": live.clickhouse_database,
            "shadow": shadow.settings.clickhouse_database,
            "table": model.table,
        }
        client.command(EXCHANGE, parameters=names)


def _of_topics(offsets: Mapping[Place, int], topics: set[str]) -> Mapping[Place, int]:
    return {place: offset for place, offset in offsets.items() if place[0] in topics}


def _report_nothing(_done: int, _total: int) -> None:
    """Reports nothing: the bar of the replay is full already."""
