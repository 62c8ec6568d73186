"""The passphrase that wraps keys: of a file, or typed without being shown."""

from pathlib import Path

import typer

from infra.errors import SetupError


def passphrase_of(file: Path | None, *, is_new: bool = False) -> str:
    """Returns the file's first line, or what is typed: twice if it is new.

    Raises `SetupError` for an empty one.
    """
    if file is None:
        asked = "Passphrase of the keys"
        return str(typer.prompt(asked, hide_input=True, confirmation_prompt=is_new))
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SetupError(f"{file} cannot be read: {error.strerror}.") from error
    if not lines or not lines[0]:
        raise SetupError(f"{file} has no passphrase in its first line.")
    return lines[0]
