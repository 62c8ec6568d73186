"""What was said on the command line, as the commands about traces need it."""

import typer

from infra.errors import SetupError

MILESTONE_PARTS = 3


def options_said(context: typer.Context) -> list[str]:
    """Names of the parameters that were given, and not left as they are."""
    names = [one.name or "" for one in context.command.params]
    return [
        name
        for name in names
        if (source := context.get_parameter_source(name)) and source.name == "COMMANDLINE"
    ]


def milestone_of(told: str) -> dict[str, str]:
    parts = told.split()
    if len(parts) != MILESTONE_PARTS:
        raise SetupError(
            f"--milestone {told!r} is not a place, a beginning and an end, with spaces between."
        )
    return dict(zip(("place", "began_at", "ended_at"), parts, strict=True))
