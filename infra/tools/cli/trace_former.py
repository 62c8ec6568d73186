"""The former spelling of `dibiendong trace`, which had one command for every question.

It is understood for one release and maps to the sub-commands; nothing else depends on it.
"""

import shlex
from typing import Any

import typer
from typer.core import TyperGroup

from infra.errors import SetupError


class FormerSpelling(TyperGroup):
    """A group that also takes its former options, without the name of a sub-command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = current_spelling(args)
            advice = f"dibiendong trace {shlex.join(args)}"
            typer.echo(f"This spelling ends with the next release; write: {advice}", err=True)
        return super().parse_args(ctx, args)


def current_spelling(words: list[str]) -> list[str]:
    """Returns the same question for a sub-command. Raises `SetupError` for what is no more."""
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    if "--minutes" in options:
        raise SetupError(
            "--minutes is no more: the exposure rules say how far apart two scans may be; "
            "name a set with --rules."
        )
    if options & {"--place", "--plate"}:
        named = [word.removeprefix("--place=") for word in words if word != "--place"]
        return ["place", *named]
    if "--other" in options:
        return ["path", *words]
    if "--back" in options:
        return ["backward", *words]
    if options & {"--onset", "--sampled", "--case"}:
        return ["forward", *words]
    return ["person", *words]
