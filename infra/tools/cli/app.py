"""The table of commands. Only the command that was asked for is imported, so that help comes at once."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import getdoc

import typer

from infra.errors import InfraError, SetupError

FAILED = 1
SETUP_WRONG = 2


@dataclass(frozen=True, slots=True)
class Command:
    """`infra.tools.cli.<name>` holds the function of that name; its parameters are the command's."""

    name: str
    help: str

    def function(self) -> Callable[..., None]:
        found: Callable[..., None] = getattr(
            import_module(f"infra.tools.cli.{self.name}"), self.name
        )
        return found


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
        "Post a table to the doors: citizens, declarations, vaccinations, scans, orders, reference data.",
    ),
    Command(
        "trace",
        "Show whom a case may have infected, where it came from, who was at a place, and how two people are connected.",
    ),
    Command("replay", "Show what another policy would have decided over a past period."),
    Command("handover", "Hand the contacts of a case over to their communes."),
    Command(
        "letters", "List dead letters, show one, put them back, mended if need be, or let them be."
    ),
    Command("release", "Let a stage go on that too many dead letters hold."),
    Command("rebuild", "Make tables, or the state of stages, again from the log."),
    Command("verify", "Hold the tables against a replay from the log, and name what differs."),
    Command(
        "doctor",
        "Check what the stack needs of this machine, and say what to do where something is missing.",
    ),
)


def main() -> None:
    try:
        build(asked(sys.argv[1:]))()
    except SetupError as error:
        stop(error, SETUP_WRONG)
    except InfraError as error:
        stop(error, FAILED)
    except ValueError as error:
        if not is_of_settings(error):
            raise
        stop(SetupError(settings_sentence(error)), SETUP_WRONG)


def stop(error: InfraError, code: int) -> None:
    sys.stderr.write(f"dibiendong: {error}\n")
    sys.exit(code)


def is_of_settings(error: ValueError) -> bool:
    return getattr(error, "title", "") == "Settings"


def settings_sentence(error: ValueError) -> str:
    """Without the values: one of them may be a secret."""
    found = error.errors(include_input=False, include_url=False)  # type: ignore[attr-defined] # pydantic's, see above
    wrong = (
        f"{' '.join(f'DIBIENDONG_{str(name).upper()}' for name in one['loc'])} {one['msg']}".strip()
        for one in found
    )
    return f"Wrong settings: {'; '.join(wrong)}."


def asked(arguments: list[str]) -> str:
    return next((argument for argument in arguments if not argument.startswith("-")), "")


def build(wanted: str) -> typer.Typer:
    app = typer.Typer(
        name="dibiendong",
        help="Movement control in an epidemic: declarations, checkpoint scans and vaccinations.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for command in COMMANDS:
        function = command.function() if command.name == wanted else not_asked
        app.command(command.name, help=help_of(command, function), short_help=command.help)(
            function
        )
    return app


def help_of(command: Command, function: Callable[..., None]) -> str:
    """What the table says, and what the command's own docstring says besides."""
    return "\n\n".join(
        filter(None, (command.help, getdoc(function) if function is not not_asked else None))
    )


def not_asked() -> None:
    """Stands in the list of commands for one that this run does not call."""
