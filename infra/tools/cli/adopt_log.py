"""`dibiendong adopt-log`: begins a new epoch with a log that is not the one it was."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.errors import SetupError
from infra.kafka.registry import Registry
from infra.settings import Settings
from infra.tools.adoption import Adoption, adopt, find_adoption, worker_addresses
from schemas.contract.codec import Codec


def adopt_log(
    reason: Annotated[str, typer.Option(help="Why, for those who read the topic log-epochs.")],
    worker: Annotated[
        list[str] | None,
        typer.Option(help="Address of each stage worker, where they run elsewhere."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Only after the broker lost its log, or part of it, or another cluster took its place.

    Facts that were known before stay. Versions of all that comes later are higher. Stages that
    wait go on by themselves, from the first record that they have not read.
    """
    if not reason.strip():
        raise SetupError("Say why the log is adopted: --reason 'the disk was replaced'.")
    settings, console = Settings(), Console()
    adoption = find_adoption(settings, worker or worker_addresses(settings))
    for sentence in adoption.reasons:
        console.print(sentence, soft_wrap=True, highlight=False)
    console.print(_table(adoption))
    if not yes:
        typer.confirm(f"Adopt this log as epoch {adoption.epoch}?", abort=True)
    adopt(settings, Codec(Registry(settings)), adoption, reason.strip())
    console.print(
        f"Epoch {adoption.epoch} has begun: the stages go on by themselves. Look at "
        "'dibiendong status', and put reference data again if that topic was lost.",
        soft_wrap=True,
        highlight=False,
    )


def _table(adoption: Adoption) -> Table:
    table = Table("topic", "partition", "from offset", title=f"cluster {adoption.cluster_id}")
    for partition in adoption.partitions:
        table.add_row(partition.topic, str(partition.partition), str(partition.first_offset))
    return table
