"""The command answers at once; trouble ends with a sentence and a code, not a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.environment import for_child
from infra.tools.cli.app import COMMANDS, Command, build
from tests.plain_settings import plain_settings

HEAVY = (
    "confluent_kafka",
    "faust",
    "fastapi",
    "httpx2",
    "pandas",
    "numpy",
    "clickhouse_connect",
    "jgo",
    "psutil",
)


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from infra.tools.cli import main; main()", *words]
    environment = for_child(plain_settings()) | variables
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_lists_every_command() -> None:
    done = run("--help", COLUMNS="160")
    assert done.returncode == 0
    assert all(command.name in done.stdout for command in COMMANDS)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("verify", "Exit code 0 when all are equal"),
        ("load", "FILE.refused.ndjson"),
        ("handover", "as it was the last time"),
        ("up", "Start the stack"),
    ],
)
def test_help_of_a_command_says_what_its_docstring_says(command: str, sentence: str) -> None:
    assert sentence in " ".join(run(command, "--help", COLUMNS="160").stdout.split())


def test_help_loads_nothing_heavy() -> None:
    program = f"""
import sys
from infra.tools.cli import main
sys.argv = ['dibiendong', '--help']
try:
    main()
finally:
    print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "LOADED []" in done.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_of_the_table_has_a_help(command: Command) -> None:
    done = CliRunner().invoke(build(command.name), [command.name, "--help"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("words", "variables", "sentence"),
    [
        (
            ["up"],
            {"DIBIENDONG_DATA_DIR": "/sys/data"},
            "data directory /sys/data cannot be written",
        ),
        (
            ["up"],
            {"DIBIENDONG_DISK_FREE_MIN_MB": "999999999"},
            "MB free and the stack needs 999999999",
        ),
        (["up"], {"DIBIENDONG_CACHE_DIR": "/sys/cache"}, "/sys/cache"),
        (["up"], {"DIBIENDONG_KAFKA_PORT": "many"}, "DIBIENDONG_KAFKA_PORT"),
        (["up", "--only", "kafak"], {}, "no part named kafak"),
        (["logs", "nobody"], {}, "no part named nobody"),
        (["logs", "kafka"], {"DIBIENDONG_DATA_DIR": "/nonexistent"}, "has no log yet"),
    ],
)
def test_trouble_with_the_setup_ends_with_a_sentence_and_code_2(
    words: list[str], variables: dict[str, str], sentence: str
) -> None:
    done = run(*words, **variables)
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_down_where_nothing_runs_says_so(tmp_path: Path) -> None:
    done = run("down", DIBIENDONG_DATA_DIR=str(tmp_path))
    assert done.returncode == 0
    assert "Nothing was running" in done.stdout
