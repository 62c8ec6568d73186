"""`dibiendong restore ADDRESS`: makes a system of a backup, in an empty cluster."""

from typing import Annotated

import typer
from rich.console import Console

from infra.settings import Settings
from infra.tools.backup.restore import restore_backup

Address = Annotated[str, typer.Argument(help="Where 'dibiendong backup' wrote.")]


def restore(address: Address) -> None:
    """Kafka, registry and ClickHouse run and are empty; stages and doors do not run.

    Locally: 'dibiendong up --only kafka,registry,clickhouse' in an empty data directory.
    """
    settings, console = Settings(), Console()
    with console.status("") as status:
        manifest = restore_backup(settings, address, status.update)
    records = sum(copied.end - copied.start for copied in manifest.partitions)
    console.print(
        f"{records:,} records of {manifest.made_at:%Y-%m-%d %H:%M} UTC are restored, as epoch "
        f"{manifest.newest_epoch + 1}. Start the system ('dibiendong up'), then hold it against "
        "the log: 'dibiendong verify'.",
        soft_wrap=True,
        highlight=False,
    )
