"""The former spelling of `dibiendong trace`, which had one command for every question.

The former spelling is accepted for one release and maps to the sub-commands. Nothing else depends
on this module.
"""

import shlex
from typing import Any

import typer
from typer.core import TyperGroup

from infra.errors import SetupError


class FormerSpelling(TyperGroup):
    """A group that also accepts its former options, without the name of a sub-command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = current_spelling(args)
            advice = f"dibiendong trace {shlex.join(args)}"
            typer.echo(f"This spelling ends with the next release; write: {advice}", err=True)
        return super().parse_args(ctx, args)


def current_spelling(words: list[str]) -> list[str]:
    """Returns the same query for a sub-command. Raises `SetupError` for an option that is gone."""
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    if "--minutes" in options:
        raise SetupError(
            "--minutes is no more: the exposure rules say how far apart two scans may be; "
            "name a set with --rules."
        )
    if options & {"--place", "--plate"}:
        # The place was the value of --place; now it is the argument of the sub-command.
        without_option = [word for word in words if word != "--place"]
        return ["place", *(word.removeprefix("--place=") for word in without_option)]
    if "--other" in options:
        return ["path", *words]
    if "--back" in options:
        return ["backward", *words]
    if options & {"--onset", "--sampled", "--case"}:
        return ["forward", *words]
    return ["person", *words]
