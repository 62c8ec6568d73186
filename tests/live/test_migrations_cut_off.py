"""A migration that was cut off anywhere goes on, and leaves what an undisturbed one leaves."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from infra.clickhouse import migrate as migrations
from infra.clickhouse import turn
from infra.clickhouse.client import connect
from infra.clickhouse.ledger import Migration
from infra.clickhouse.migrate import migrate, read_migrations, refuse_newer
from infra.environment import for_child
from infra.errors import MigrationError, Unavailable
from infra.settings import CHECKOUT, Settings
from infra.tools.docs import GOLDEN_SCHEMA
from infra.tools.rebuild.swap import closed
from tests.clickhouse_process import PASSWORDS, ClickHouseProcess
from tests.migrating import (
    ROWS,
    Cut,
    all_cuts,
    fill,
    fill_table,
    known_before,
    migrate_cut_off,
    state,
)
from tests.plain_settings import plain_settings
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live
State = tuple[dict[str, str], dict[str, tuple[int, int]]]
MIGRATIONS = list(read_migrations())
COPYING = [migration.name for migration in MIGRATIONS if "INSERT INTO" in migration.text]
"""These migrations fill tables from others: before each, every table has rows."""
POSITIONS_OF_A_LOG = "0045_positions_of_a_log.sql"
DRAWN = 10
COMMAND = [sys.executable, "-m", "infra.clickhouse.migrate"]
databases = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("migrations") / "clickhouse")
    process.start()
    yield process
    process.end()


@pytest.fixture
def settings(server: ClickHouseProcess) -> Settings:
    return new_database(server)


@pytest.fixture(scope="module")
def undisturbed(server: ClickHouseProcess) -> State:
    """What all migrations leave when nothing cuts them off."""
    return migrated_with_rows(new_database(server), {})


def new_database(server: ClickHouseProcess) -> Settings:
    return plain_settings(
        clickhouse_url=server.url,
        clickhouse_database=f"scratch_{next(databases)}",
        clickhouse_writer_password=PASSWORDS["writer"],
        clickhouse_reader_password=PASSWORDS["reader"],
    )


def migrated_with_rows(settings: Settings, cuts: Mapping[str, Sequence[Cut]]) -> State:
    """Migrates a new database, with rows in its tables, cut off at these places.

    Before it gets positions of a log, the database is rebuilt, which changes a constraint of them.
    """
    filled = set[str]()
    done = 0
    for stop in [*COPYING, None]:
        with known_before(stop):
            known = list(migrations.read_migrations())
            for migration in known[done:]:
                for cut in cuts.get(migration.name, ()):
                    migrate_cut_off(settings, cut)
            migrate(settings)
            done = len(known)
        with connect(settings, "writer") as client:
            fill(client, filled)
            if stop == POSITIONS_OF_A_LOG:
                with closed(client):
                    pass
    return state(settings)


def test_migrations_go_on_after_cuts_somewhere(settings: Settings, undisturbed: State) -> None:
    choice = random.Random(settings.clickhouse_database)
    cuts = {}
    for migration in choice.sample(MIGRATIONS, DRAWN):
        cuts[migration.name] = [choice.choice(all_cuts(migration))]
    assert migrated_with_rows(settings, cuts) == undisturbed, cuts


@pytest.mark.long
def test_migrations_go_on_after_every_cut(settings: Settings, undisturbed: State) -> None:
    """Each run ends at the next place, so that all places are tried one after another."""
    cuts = {migration.name: all_cuts(migration) for migration in MIGRATIONS}
    assert migrated_with_rows(settings, cuts) == undisturbed


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("0012_finer_vault.sql", "identity_vault"),
        ("0040_documents_of_several.sql", "person_documents"),
        (POSITIONS_OF_A_LOG, "positions"),
    ],
)
def test_rows_written_before_the_exchange_are_copied(
    settings: Settings, name: str, table: str
) -> None:
    """Hours may lie between the cut and the next run, in which stages go on writing."""
    statements = {migration.name: migration.statements for migration in MIGRATIONS}[name]
    exchange = [text.startswith("EXCHANGE") for text in statements].index(True)
    with known_before(name):
        migrate(settings)
    migrate_cut_off(settings, Cut(name, exchange, after=False))
    with connect(settings, "writer") as client:
        fill_table(client, table)
        written = client.query(f"SELECT count() FROM {table} FINAL").result_rows[0][0]
        assert written > 0
    migrate(settings)
    with connect(settings, "writer") as client:
        # One of the rows is deleted: a copy may leave it out.
        assert client.query(f"SELECT count() FROM {table} FINAL").result_rows == [(written,)]


def test_positions_of_a_rebuilt_database_are_migrated(undisturbed: State) -> None:
    _, rows = undisturbed
    assert rows["positions"][0] == ROWS


def test_what_ran_of_a_migration_may_not_change_the_rest_may(settings: Settings) -> None:
    text = "CREATE TABLE first (a UInt8) ORDER BY a;\n\nNO STATEMENT;\n"
    with known(Migration("0001_first.sql", text)), pytest.raises(DatabaseError, match="Syntax"):
        migrate(settings)
    changed_rest = text.replace("NO STATEMENT", "CREATE TABLE second (a UInt8) ORDER BY a")
    changed_first = changed_rest.replace("first (a UInt8)", "first (a UInt16)")
    with (
        known(Migration("0001_first.sql", changed_first)),
        pytest.raises(MigrationError, match="changed after its first 1 statements ran"),
    ):
        migrate(settings)
    with known(Migration("0001_first.sql", changed_rest)):
        assert migrate(settings) == ["0001_first.sql"]


def test_a_newer_database_is_refused(settings: Settings) -> None:
    newer = Migration("9999_newer.sql", "CREATE TABLE newer (a UInt8) ORDER BY a")
    with known(newer):
        migrate(settings)
    with pytest.raises(MigrationError, match=r"newer than this code, which lacks .* 9999_newer"):
        migrate(settings)
    with (
        connect(settings, "reader") as client,
        pytest.raises(MigrationError, match="use the release that migrated it, or a later one"),
    ):
        refuse_newer(client)


def test_a_database_that_newer_code_began_to_migrate_is_refused(settings: Settings) -> None:
    newer = Migration("9999_newer.sql", "CREATE TABLE newer (a UInt8) ORDER BY a")
    with known(newer):
        migrate_cut_off(settings, Cut(newer.name, 0, after=True))
    with pytest.raises(MigrationError, match="lacks the migration 9999_newer"):
        migrate(settings)


def test_a_database_without_migrations_is_not_newer(settings: Settings) -> None:
    with connect(settings, "writer", database="default") as client:
        client.command(f"CREATE DATABASE {settings.clickhouse_database}")
    with connect(settings, "reader") as client:
        refuse_newer(client)


def test_of_two_processes_one_migrates_and_the_other_waits(settings: Settings) -> None:
    both = [start(settings), start(settings)]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    ran = [line for output in outputs for line in output.splitlines() if line.endswith(".sql")]
    assert ran == [migration.name for migration in MIGRATIONS]
    assert schema(settings) == GOLDEN_SCHEMA.read_text(encoding="utf-8")


def test_the_turn_of_a_killed_process_is_taken_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = start(settings)
    wait_until(lambda: applied(settings) > 2, what="some migrations to run")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    monkeypatch.setattr(turn, "EXPIRES_S", 5.0)
    monkeypatch.setattr(turn, "BEAT_S", 0.5)
    begun = time.monotonic()
    assert migrate(settings)[-1] == MIGRATIONS[-1].name
    assert schema(settings) == GOLDEN_SCHEMA.read_text(encoding="utf-8")
    assert time.monotonic() - begun < BOUND_S


def test_who_waits_for_long_is_told_who_migrates_and_since_when(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "MAX_WAIT_S", 0.0)
    with known():
        migrate(settings)
    with known(Migration("0001_first.sql", "CREATE TABLE first (a UInt8) ORDER BY a")):
        with (
            connect(settings, "writer") as client,
            turn.turn_to_migrate(settings, client),
            pytest.raises(MigrationError, match=r"process \d+ .* migrates scratch_\d+ since 20"),
        ):
            migrate(settings)
        assert migrate(settings) == ["0001_first.sql"]


def test_the_turn_of_a_process_that_works_for_long_is_not_taken_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "BEAT_S", 0.2)
    monkeypatch.setattr(turn, "EXPIRES_S", 4.0)
    monkeypatch.setattr(turn, "MAX_WAIT_S", 8.0)
    with known():
        migrate(settings)
    with (
        connect(settings, "writer") as client,
        turn.turn_to_migrate(settings, client) as held,
        known(Migration("0001_first.sql", "CREATE TABLE first (a UInt8) ORDER BY a")),
    ):
        with pytest.raises(MigrationError, match="run it again when that has ended"):
            migrate(settings)
        held.check()


def test_a_holder_that_was_silent_for_too_long_stops(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with known():
        migrate(settings)
    with connect(settings, "writer") as client, turn.turn_to_migrate(settings, client) as held:
        held.check()
        monkeypatch.setattr(turn, "EXPIRES_S", -1.0)
        held.write(client, ended=False)
        with pytest.raises(MigrationError, match="another may migrate by now: run it again"):
            held.check()


def start(settings: Settings) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        COMMAND, env=for_child(settings), cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )


def schema(settings: Settings) -> str:
    with connect(settings, "writer") as client:
        return migrations.dump_schema(client)


def applied(settings: Settings) -> int:
    """Returns how many migrations have run."""
    try:
        with connect(settings, "writer") as client:
            return int(client.query("SELECT count() FROM migrations").result_rows[0][0])
    except (Unavailable, ClickHouseError):
        return 0


@contextmanager
def known(*migrations_known: Migration) -> Iterator[None]:
    """Lets the code know these migrations only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "read_migrations", lambda: iter(migrations_known))
        yield
