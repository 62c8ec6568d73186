"""Arguments of the command line, as the commands about traces need them."""

import typer

from infra.errors import SetupError

MILESTONE_FIELDS = ("place", "began_at", "ended_at")


def options_given(context: typer.Context) -> list[str]:
    """Returns the names of the parameters that were given, and not left as they are."""
    names = [parameter.name or "" for parameter in context.command.params]
    return [name for name in names if _was_given(context, name)]


def milestone_of(text: str) -> dict[str, str]:
    """Returns a milestone as the doors take it. Raises `SetupError`."""
    words = text.split()
    if len(words) != len(MILESTONE_FIELDS):
        raise SetupError(
            f"--milestone {text!r} is not a place, a beginning and an end, with spaces between."
        )
    return dict(zip(MILESTONE_FIELDS, words, strict=True))


def _was_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
