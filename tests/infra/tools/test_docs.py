"""`python -m infra.tools.docs` reads a ClickHouse of any version, and changes nothing in it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.clickhouse import migrate as migrations
from infra.clickhouse.client import connect
from infra.errors import SetupError, Unavailable
from infra.settings import CHECKOUT, Settings
from infra.tools import docs
from tests.clickhouse_process import PASSWORDS, ClickHouseProcess, free_port
from tests.plain_settings import plain_settings

pytestmark = pytest.mark.live

*EARLIER, LAST = migrations.read_migrations()
NAMES = (
    "SELECT name FROM system.databases UNION ALL SELECT database || '.' || name FROM system.tables"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("docs") / "clickhouse")
    process.start()
    yield process
    process.end()


def settings_of(server: ClickHouseProcess, database: str) -> Settings:
    return plain_settings(
        clickhouse_url=server.url,
        clickhouse_database=database,
        clickhouse_writer_password=PASSWORDS["writer"],
        clickhouse_reader_password=PASSWORDS["reader"],
    )


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lets the generator write elsewhere than into the checkout."""
    for name in ("TOPICS_PAGE", "CLICKHOUSE_PAGE", "GOLDEN_SCHEMA"):
        monkeypatch.setattr(docs, name, tmp_path / "pages" / getattr(docs, name).name)
    return tmp_path / "pages"


@pytest.fixture(scope="module")
def older(server: ClickHouseProcess) -> Settings:
    """The database lacks the last migration, until a test asks for `current`."""
    settings = settings_of(server, "migrated")
    with pytest.MonkeyPatch.context() as older_code:
        older_code.setattr(migrations, "read_migrations", lambda: iter(EARLIER))
        migrations.migrate(settings)
    return settings


@pytest.fixture(scope="module")
def current(older: Settings) -> Settings:
    migrations.migrate(older)
    return older


def everything(settings: Settings) -> list[str]:
    """Returns the databases and tables that there are."""
    with connect(settings, "writer", database="default") as client:
        return sorted(str(name) for (name,) in client.query(NAMES).result_rows)


def test_a_missing_database_is_named_and_not_made(server: ClickHouseProcess, pages: Path) -> None:
    settings = settings_of(server, "nowhere")
    before = everything(settings)
    with pytest.raises(SetupError, match=r"There is no database nowhere at http.*: make it with"):
        docs.write_documents(settings)
    assert everything(settings) == before
    assert not pages.exists()


def test_a_database_without_migrations_is_older(server: ClickHouseProcess, pages: Path) -> None:
    settings = settings_of(server, "bare")
    with connect(settings, "writer", database="default") as client:
        client.command("CREATE DATABASE bare")
    before = everything(settings)
    with pytest.raises(SetupError, match=r"bare at .* is older than the code, from 0001"):
        docs.write_documents(settings)
    assert everything(settings) == before
    assert not pages.exists()


def test_a_database_that_lacks_the_last_migration_is_older_and_stays_so(
    older: Settings, pages: Path
) -> None:
    before = everything(older)
    with pytest.raises(SetupError, match=f"older than the code, from {LAST.name} on: bring it up"):
        docs.write_documents(older)
    assert everything(older) == before
    assert not pages.exists()


def test_a_database_of_this_code_gives_every_page(current: Settings, pages: Path) -> None:
    before = everything(current)
    docs.write_documents(current)
    assert everything(current) == before
    with connect(current, "writer") as client:
        tables, golden = docs.clickhouse_page(client), migrations.dump_schema(client)
    assert (pages / "schema.sql").read_text("utf-8") == golden
    assert (pages / "clickhouse.md").read_text("utf-8") == tables
    assert (pages / "topics.md").read_text("utf-8") == docs.topics_page()


def test_a_database_of_a_later_version_is_named(current: Settings, pages: Path) -> None:
    """Runs after those of this version, for the database stays of a later one."""
    with connect(current, "writer") as client:
        row = [["9999_later.sql", "0" * 64]]
        client.insert("migrations", row, column_names=["name", "sha256"])
    with pytest.raises(SetupError, match="newer than the code, which lacks 9999"):
        docs.write_documents(current)
    assert not pages.exists()


def test_a_clickhouse_that_is_away_is_named(pages: Path) -> None:
    settings = plain_settings(clickhouse_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="clickhouse is unavailable"):
        docs.write_documents(settings)
    assert not pages.exists()


def test_the_program_ends_with_a_sentence(server: ClickHouseProcess) -> None:
    environment = {
        "DIBIENDONG_CLICKHOUSE_URL": server.url,
        "DIBIENDONG_CLICKHOUSE_DATABASE": "nowhere",
        "DIBIENDONG_CLICKHOUSE_WRITER_PASSWORD": PASSWORDS["writer"],
    }
    command = [sys.executable, "-m", "infra.tools.docs"]
    done = subprocess.run(
        command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == docs.FAILED
    assert done.stderr.startswith("There is no database nowhere at http://127.0.0.1")
    assert len(done.stderr.strip().splitlines()) == 1
