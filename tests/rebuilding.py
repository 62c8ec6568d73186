"""Runs rebuilds and verifications, and reads what the tables hold before and after them."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from infra.clickhouse.client import connect
from infra.settings import CHECKOUT, Settings
from infra.tools.rebuild.compare import Comparison
from infra.tools.rebuild.models import READ_MODELS
from infra.tools.rebuild.progress import positions
from infra.tools.rebuild.shadow import shadow_settings
from tests.live_world import World, Writer, begin
from tests.running_stack import RunningStack
from tests.waiting import wait_until

PROGRAM = [sys.executable, "-c", "from infra.tools.cli import main; main()"]
CHUNKS = 60
REBUILT_WITHIN_S = 900.0


def run(stack: RunningStack, *words: str) -> subprocess.CompletedProcess[str]:
    environment = stack.env | {"COLUMNS": "200"}
    return subprocess.run(
        [*PROGRAM, *words],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=REBUILT_WITHIN_S,
        check=False,
    )


def succeed(stack: RunningStack, *words: str) -> str:
    done = run(stack, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def arriving(settings: Settings, seed: int) -> Iterator[World]:
    """Writes another world's events, a few at a time, for as long as the block lasts.

    The rest is written at its end.
    """
    world, writer = begin(settings, seed=seed)
    ended = threading.Event()

    def write() -> None:
        for turn in range(CHUNKS):
            writer.write_citizens(world.citizens[turn::CHUNKS])
            writer.write_doors(world.events[turn::CHUNKS])
            ended.wait(0.3)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield world
    finally:
        ended.set()
        thread.join()


def change(settings: Settings, statement: str) -> None:
    with connect(settings, "writer", timeout_s=30) as client:
        client.command(statement)


def ask(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with connect(settings, "reader", timeout_s=30) as client:
        return [tuple(row) for row in client.query(query).result_rows]


def hashes(settings: Settings) -> dict[str, tuple[int, int]]:
    """Returns rows and hash of every live table."""
    comparison = Comparison(settings, settings.clickhouse_database)
    hashes = {}
    for model in READ_MODELS:
        contents = comparison.whole(model)
        hashes[model.table] = (contents.live_rows, contents.live_hash)
    return hashes


def shadow_exists(settings: Settings) -> bool:
    name = shadow_settings(settings).clickhouse_database
    return bool(ask(settings, f"SELECT 1 FROM system.databases WHERE name = '{name}'"))


def by_person(settings: Settings, table: str) -> dict[object, object]:
    query = f"""
        SELECT toString(person_id), count(), sum(cityHash64(toString(tuple(*))))
        FROM {table} FINAL GROUP BY person_id
    """
    return {row[0]: row[1:] for row in ask(settings, query)}


def kill_when(condition: Callable[[], object], stack: RunningStack, *words: str) -> None:
    """Runs the command, and kills it as soon as the condition holds."""
    with subprocess.Popen(
        [*PROGRAM, *words],
        env=stack.env,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        wait_until(condition, REBUILT_WITHIN_S, what="the rebuild to be half way", poll_s=0.01)
        process.send_signal(signal.SIGKILL)


def has_positions(settings: Settings) -> bool:
    """Returns whether there are positions in the database, once its tables are there."""
    found = ask(
        settings.model_copy(update={"clickhouse_database": "default"}),
        f"EXISTS TABLE {settings.clickhouse_database}.positions",
    )
    return found == [(1,)] and bool(positions(settings))


def begin_unseen(settings: Settings, seed: int) -> tuple[World, Writer]:
    """Begins a world without waiting for its reference data to be projected."""
    world, writer = World(seed, settings.person_key.get_secret_value()), Writer(settings)
    writer.write_reference(world.reference)
    return world, writer
