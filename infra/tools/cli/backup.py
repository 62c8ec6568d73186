"""`dibiendong backup ADDRESS`: copies the system while it works."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.settings import Settings
from infra.tools.backup.backup import make_backup
from infra.tools.backup.keys import wrap
from infra.tools.backup.store import Store
from infra.tools.cli.passphrase import passphrase_of

Address = Annotated[
    str, typer.Argument(help="A new directory, or an address of object storage (s3://…).")
]
KeysTo = Annotated[
    Path | None, typer.Option(help="A file for the keys, wrapped; keep it elsewhere.")
]
PassphraseFile = Annotated[
    Path | None, typer.Option(help="A file whose first line wraps the keys.")
]


def backup(
    address: Address, keys_to: KeysTo = None, passphrase_file: PassphraseFile = None
) -> None:
    """Topics, state, and the tables that the log does not make whole.

    What is copied holds names and numbers: keep it as safe as the system itself.
    The keys (person_key, tokens, keys of the codes) are never in it: --keys-to writes them apart.
    """
    settings, console = Settings(), Console()
    Store(address).refuse_used()
    if keys_to is not None:
        wrap(settings, passphrase_of(passphrase_file, is_new=True), keys_to)
        console.print(f"The keys are in {keys_to}, wrapped.", highlight=False)
    with console.status("") as status:
        manifest = make_backup(settings, address, status.update)
    records = sum(copied.end - copied.start for copied in manifest.partitions)
    console.print(
        f"{records:,} records, {len(manifest.states)} states and {len(manifest.tables)} tables "
        f"are in {address}.",
        soft_wrap=True,
        highlight=False,
    )
