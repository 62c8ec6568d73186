"""The table of commands. Only the requested command is imported, so that help comes at once."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import getdoc
from typing import Any

import typer

from infra.errors import InfraError, SetupError, Unavailable

FAILED = 1
SETUP_WRONG = 2


@dataclass(frozen=True, slots=True)
class Command:
    """`infra.tools.cli.<name>` holds a function of that name, or a group of sub-commands.

    There `_` stands for `-`.
    """

    name: str
    help: str

    def load(self) -> Callable[..., None] | typer.Typer:
        name = self.name.replace("-", "_")
        module = import_module(f"infra.tools.cli.{name}")
        command: Callable[..., None] | typer.Typer = getattr(module, name)
        return command


COMMANDS = (
    Command("up", "Start the stack and return when every part is ready."),
    Command("down", "Stop the stack. What it holds stays on the disk."),
    Command("status", "Show each part: up or down, lag, version, address, memory."),
    Command("logs", "Show the log of a part."),
    Command(
        "demo",
        "Play a synthetic day through the whole system and hold the result against the truth.",
    ),
    Command(
        "load",
        "Post a table to the doors: citizens, declarations, vaccinations, scans, orders, "
        "reference data.",
    ),
    Command(
        "trace",
        "Show whom a case may have infected, where it came from, who was at a place, "
        "and how two people are connected.",
    ),
    Command("replay", "Show what another policy would have decided over a past period."),
    Command("handover", "Hand the contacts of a case over to their communes."),
    Command(
        "letters", "List dead letters, show one, put them back, mended if need be, or let them be."
    ),
    Command("release", "Let a stage go on that too many dead letters hold."),
    Command("adopt-log", "Begin a new epoch with a log that is another, or shorter, than before."),
    Command("rebuild", "Make tables, or the state of stages, again from the log."),
    Command("backup", "Copy topics, state and tables while the system works."),
    Command("restore", "Make a system of a backup, in an empty cluster."),
    Command("restore-keys", "Put the tokens and keys of a backup where the doors read them."),
    Command("verify", "Hold the tables against a replay from the log, and name what differs."),
    Command(
        "doctor",
        "Check what the stack needs of this machine, and say what to do where something is "
        "missing.",
    ),
)


def main() -> None:
    """Runs the command of the process's arguments; trouble ends it with a sentence and a code."""
    try:
        build(_requested(sys.argv[1:]))()
    except SetupError as error:
        _stop(error, SETUP_WRONG)
    except Unavailable as error:
        _stop(InfraError(f"{error}. 'dibiendong status' says which parts run."), FAILED)
    except InfraError as error:
        _stop(error, FAILED)
    except ValueError as error:
        if getattr(error, "title", "") != "Settings":
            raise
        _stop(SetupError(_settings_sentence(error)), SETUP_WRONG)


def build(requested: str) -> typer.Typer:
    """Returns the program; all commands but the requested one are only named in it."""
    app = typer.Typer(
        name="dibiendong",
        help="Movement control in an epidemic: declarations, checkpoint scans and vaccinations.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for command in COMMANDS:
        if command.name == requested:
            _add(app, command)
        else:
            app.command(command.name, short_help=command.help)(_not_requested)
    return app


def _requested(arguments: list[str]) -> str:
    return next((argument for argument in arguments if not argument.startswith("-")), "")


def _add(app: typer.Typer, command: Command) -> None:
    """Adds a command under the table's help, followed by its own docstring."""
    loaded = command.load()
    if isinstance(loaded, typer.Typer):
        app.add_typer(loaded, name=command.name, help=command.help)
        return
    texts = [command.help, getdoc(loaded) or ""]
    app.command(command.name, help="\n\n".join(filter(None, texts)))(loaded)


def _not_requested() -> None:
    """Stands in the list of commands for one that this run does not call."""


def _stop(error: InfraError, code: int) -> None:
    sys.stderr.write(f"dibiendong: {error}\n")
    sys.exit(code)


def _settings_sentence(error: Any) -> str:
    """Names the settings that pydantic refuses, without their values: one may be a secret."""
    wrong = []
    for fault in error.errors(include_input=False, include_url=False):
        names = " ".join(f"DIBIENDONG_{str(name).upper()}" for name in fault["loc"])
        wrong.append(f"{names} {fault['msg']}".strip())
    return f"Wrong settings: {'; '.join(wrong)}."
