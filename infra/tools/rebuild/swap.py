"""Makes tables anew beside the live ones and swaps them in, while reads and the live `project` go on.

Guarantees: the live tables are untouched until the swap; a record that arrives during it is in the new tables, once. For that the live
positions are closed for about a second: no position moves any more; the new tables are waited for until they are as far; then each table is
exchanged. The positions stay as they are, for the new tables hold at least what lies before them. A batch that was in work is refused its
position, because its generation is over, and done again into the new tables. Closing ends by itself, should this process be killed.
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
from infra.tools.rebuild.shadow import Beside, beside

HERE = Path(__file__).parent
CLOSE, OPEN, EXCHANGE = (
    (HERE / f"{name}.sql").read_text(encoding="utf-8") for name in ("close", "open", "exchange")
)
CLOSED_MOST_S, TRIES = 20, 10


@dataclass(frozen=True, slots=True)
class Rebuilt:
    records: int
    """Replayed until the first time that the tables were where the log ended."""
    replay_s: float
    closed_s: float
    """How long the live stage waited."""


def rebuild_tables(settings: Settings, models: Sequence[ReadModel], report: Report) -> Rebuilt:
    refuse_incomplete(settings, models)
    begun = time.monotonic()
    with beside(settings, models) as made:
        target = ends(settings, topics_of(models))
        wait_until_at(made.settings, target, report, made.check)
        replay_s = time.monotonic() - begun
        return Rebuilt(sum(target.values()), replay_s, swap(settings, made, models))


def swap(live: Settings, made: Beside, models: Sequence[ReadModel]) -> float:
    """Seconds for which the positions were closed. Raises `InfraError` when the new tables do not come close enough to the live ones."""
    ours = {topic.name for topic in topics_of(models)}
    for _ in range(TRIES):
        wait_until_at(made.settings, of_topics(positions(live), ours), lambda *_: None, made.check)
        with connect(live, "writer") as client, closed(client) as until:
            begun = time.monotonic()
            if caught_up(live, made, ours, until - CLOSED_MOST_S / 2):
                for model in models:
                    names = {
                        "live": live.clickhouse_database,
                        "beside": made.settings.clickhouse_database,
                        "table": model.table,
                    }
                    client.command(EXCHANGE, parameters=names)
                return time.monotonic() - begun
    raise InfraError(
        "The new tables do not catch up with the live ones, which are as they were: try again when fewer records arrive."
    )


@contextmanager
def closed(client: Client) -> Iterator[float]:
    """No position moves. A generation ends with the closing and another with the opening, so that a batch that began before either is
    done again. Gives the time (monotonic) at which it ends by itself."""
    begun = generation(client)
    client.command(
        CLOSE, parameters={"generation": begun + 1, "until": int(time.time()) + CLOSED_MOST_S}
    )
    try:
        yield time.monotonic() + CLOSED_MOST_S
    finally:
        client.command(OPEN, parameters={"generation": begun + 2})


def caught_up(live: Settings, made: Beside, ours: set[str], until: float) -> bool:
    """Whether, in time, the new tables are where the live ones stopped: twice, for a position may have been on its way at the closing."""
    seen: Mapping[Place, int] = {}
    while time.monotonic() < until:
        before, seen = seen, of_topics(positions(live), ours)
        if before == seen and not left(positions(made.settings), seen):
            return True
        made.check()
        time.sleep(LOOK_EVERY_S)
    return False


def of_topics(found: Mapping[Place, int], topics: set[str]) -> Mapping[Place, int]:
    return {place: offset for place, offset in found.items() if place[0] in topics}
