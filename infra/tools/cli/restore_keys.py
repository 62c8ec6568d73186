"""`dibiendong restore-keys FILE`: puts tokens and keys of a wrapped file where doors read them."""

from pathlib import Path
from typing import Annotated

import typer

from infra.errors import SetupError
from infra.settings import Settings
from infra.tools.backup.keys import put_files, unwrap
from infra.tools.cli.passphrase import passphrase_of

WrappedFile = Annotated[Path, typer.Argument(help="What 'dibiendong backup --keys-to' wrote.")]
PassphraseFile = Annotated[
    Path | None, typer.Option(help="A file whose first line opens the keys.")
]
PersonKeyTo = Annotated[
    Path, typer.Option(help="A new file for the key of the pseudonyms, for DIBIENDONG_PERSON_KEY.")
]


def restore_keys(
    wrapped: WrappedFile, person_key_to: PersonKeyTo, passphrase_file: PassphraseFile = None
) -> None:
    """Nothing that is there already is overwritten: what is lost is put back."""
    settings = Settings()
    if not wrapped.is_file():
        raise SetupError(f"There is no file {wrapped}.")
    keys = unwrap(wrapped, passphrase_of(passphrase_file))
    written = put_files(settings, keys, person_key_to)
    names = ", ".join(written) or "nothing, for nothing was missing"
    typer.echo(
        f"Put below {settings.data_dir}: {names}. Set DIBIENDONG_PERSON_KEY to what "
        f"{person_key_to} holds, and delete that file. Doors read tokens and keys as they start."
    )
