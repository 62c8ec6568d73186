"""README and tutorial, run as a reader would: every command once, every answer compared.

One small demo serves both, so `make demo` gives its output and starts the stack again.
Addresses and the data directory of the documents become those of this stack.
"""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from infra.settings import CHECKOUT, Settings
from tests.docs.documented import Step, matches, printed_by, steps_of
from tests.running_stack import RunningStack

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(900)]

CITIZENS = "500"
DOCUMENTS = ("README.md", "docs/tutorial.md")
COMMAND = "from infra.tools.cli import main; main()"
PRELUDE = """
dibiendong() {{ {python} -c {command} "$@"; }}
make() {{ test "$1" = demo && cat {demo} && dibiendong up > /dev/null; }}
"""


@dataclass(frozen=True, slots=True)
class Demo:
    stack: RunningStack
    printed: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A stack on which the demo has run."""
    directory = tmp_path_factory.mktemp("reader")
    # On a slow machine a verdict takes longer than a checkpoint would wait.
    stack = RunningStack.plan(directory / "demo", verdict_wait_ms=30_000)
    printed = directory / "printed"
    try:
        command = [sys.executable, "-c", COMMAND, "demo", "--citizens", CITIZENS]
        with printed.open("w", encoding="utf-8") as output:
            subprocess.run(
                command,
                env=_environment(stack),
                cwd=CHECKOUT,
                stdout=output,
                timeout=600,
                check=True,
            )
        yield Demo(stack, printed)
    finally:
        stack.down()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_runs_and_answers_as_the_document_says(document: str, demo: Demo) -> None:
    settings = demo.stack.settings
    steps = [_of_this_stack(step, settings) for step in steps_of(CHECKOUT / document)]
    printed = printed_by(
        steps,
        before=PRELUDE.format(
            python=shlex.quote(sys.executable),
            command=shlex.quote(COMMAND),
            demo=shlex.quote(str(demo.printed)),
        ),
        environment=_environment(demo.stack),
        directory=CHECKOUT,
    )
    for step, answer in zip(steps, printed, strict=False):
        assert step.answer is None or matches(step.answer, answer), (
            f"{document}:{step.line} answers otherwise than it says:\n{answer}"
        )
    assert len(printed) == len(steps), f"{document}:{steps[len(printed)].line} fails"


def _of_this_stack(step: Step, settings: Settings) -> Step:
    commands = (
        step.commands.replace(".data/demo", str(settings.data_dir))
        .replace("http://127.0.0.1:18000", settings.api)
        .replace("http://127.0.0.1:18123", settings.clickhouse)
    )
    return replace(step, commands=commands)


def _environment(stack: RunningStack) -> dict[str, str]:
    return stack.env | {"COLUMNS": "160"}
