"""A backup is made under load, and restored into an empty cluster under a new epoch."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.clickhouse.client import connect
from infra.environment import for_child
from infra.settings import CHECKOUT, Settings
from tests.live_world import Writer, assert_whole, begin
from tests.running_stack import RunningStack

pytestmark = pytest.mark.live

CALL = "from infra.tools.cli import main; main()"
STAGES = ("link", "identify", "screen", "project")
PASSPHRASE = "long enough a passphrase"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningStack]:
    yield from planned(tmp_path / "first")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[RunningStack]:
    yield from planned(tmp_path / "second")


def planned(directory: Path) -> Iterator[RunningStack]:
    stack = RunningStack.plan(directory, partitions=2)
    try:
        yield stack
    finally:
        stack.down()


def dibiendong(settings: Settings, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CALL, *words],
        env=for_child(settings),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def vault_rows(settings: Settings) -> list[tuple[object, ...]]:
    with connect(settings, "writer", timeout_s=30) as client:
        rows = client.query("SELECT * FROM identity_vault FINAL ORDER BY ALL").result_rows
    return [tuple(row) for row in rows]


@pytest.mark.long
def test_a_backup_made_under_load_becomes_a_system_that_goes_on(
    own: RunningStack, empty: RunningStack, tmp_path: Path
) -> None:
    own.require()
    world, writer = begin(own.settings, seed=621)
    third = len(world.events) // 3
    writer.write_citizens(world.citizens)
    writer.write_doors(world.events[:third])
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    keys, backup = tmp_path / "keys.wrapped", tmp_path / "backup"
    words = ("--keys-to", str(keys), "--passphrase-file", str(passphrase))
    assert "records" in dibiendong(own.settings, "backup", str(backup), *words)
    assert own.settings.person_key.get_secret_value() not in keys.read_text()
    own.down()

    key_file = tmp_path / "person_key"
    words = ("--person-key-to", str(key_file), "--passphrase-file", str(passphrase))
    dibiendong(empty.settings, "restore-keys", str(keys), *words)
    assert key_file.read_text() == own.settings.person_key.get_secret_value()
    tokens = (own.settings.data_dir / "tokens.json").read_bytes()
    assert (empty.settings.data_dir / "tokens.json").read_bytes() == tokens
    empty.require("kafka", "registry", "clickhouse")
    dibiendong(empty.settings, "restore", str(backup))
    empty.require()
    writer = Writer(empty.settings)
    writer.write_doors(world.events[third:])
    assert_whole(empty.settings, world)
    assert "equal" in dibiendong(empty.settings, "verify")
