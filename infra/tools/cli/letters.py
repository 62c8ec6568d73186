"""`dibiendong letters`: dead letters, listed, shown, put back, mended, or let be."""

import getpass
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from infra.errors import SetupError
from infra.kafka.registry import Registry
from infra.settings import Settings
from infra.tools.letters.find import Letter, find, named
from infra.tools.letters.reading import event_of, read
from infra.tools.letters.settle import discard, replay, replay_mended
from schemas.contract.codec import Codec

MOST = 1_000


def letters(
    name: Annotated[
        str,
        typer.Argument(
            help="One letter, topic/partition/offset: shows it whole (it may hold personal data)."
        ),
    ] = "",
    topic: Annotated[str, typer.Option(help="Only those of this topic.")] = "",
    reason: Annotated[str, typer.Option(help="Only those whose reason contains this.")] = "",
    settled: Annotated[
        bool, typer.Option("--settled", help="Those that are settled, too.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=MOST, help="At most so many, the oldest first.")
    ] = 100,
    again: Annotated[
        bool, typer.Option("--replay", help="Put them back on their topic as they are.")
    ] = False,
    mended: Annotated[
        Path | None,
        typer.Option(help="Put this back instead of the one letter: as it is shown, corrected."),
    ] = None,
    let_be: Annotated[
        bool, typer.Option("--discard", help="Settle them without putting anything back.")
    ] = False,
) -> None:
    """What is put back (once what refused it is mended) is read by every stage of its topic again, and counts once."""
    if sum((again, let_be, mended is not None)) > 1:
        raise SetupError("Say one of --replay, --mended and --discard.")
    settings = Settings()
    registry = Registry(settings)
    try:
        chosen = (
            [named(settings, name)]
            if name
            else find(settings, topic=topic, reason=reason, settled=settled, limit=limit)
        )
        if mended is not None:
            mend(settings, Codec(registry), chosen, name, mended)
        elif again or let_be:
            settle(settings, Codec(registry), chosen, again=again)
        elif name:
            show(chosen[0], registry)
        else:
            show_all(chosen, limit)
    finally:
        registry.close()


def settle(settings: Settings, codec: Codec, chosen: list[Letter], *, again: bool) -> None:
    open_ones = [one for one in chosen if not one.outcome]
    if again:
        replay(settings, codec, open_ones, getpass.getuser())
    else:
        discard(settings, codec, open_ones, getpass.getuser())
    typer.echo(
        f"{len(open_ones)} {'put back' if again else 'discarded'}, {len(chosen) - len(open_ones)} were settled before"
    )


def mend(settings: Settings, codec: Codec, chosen: list[Letter], name: str, file: Path) -> None:
    if not name:
        raise SetupError("Say which letter is mended: topic/partition/offset.")
    try:
        event = event_of(orjson.loads(file.read_bytes()))
    except (OSError, ValueError) as fault:
        raise SetupError(f"{file}: {fault}.") from None
    replay_mended(settings, codec, chosen[0], event, getpass.getuser())
    typer.echo(f"{name} put back as it was mended")


def show(letter: Letter, registry: Registry) -> None:
    """As JSON, so that it can be saved, corrected and given to --mended."""
    reading = read(letter.value, registry)
    told = {
        "event": reading.event,
        "fields": reading.fields,
        "trouble": reading.trouble,
        "reason": letter.reason,
        "outcome": letter.outcome,
    }
    typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2, default=str).decode())


def show_all(found: list[Letter], limit: int) -> None:
    table = Table(
        "letter",
        "stage",
        "kind",
        "reason",
        "failed at",
        "settled",
        title=f"{len(found)} dead letters",
    )
    for one in found:
        table.add_row(
            one.name,
            one.stage,
            one.kind,
            one.reason,
            f"{one.failed_at:%Y-%m-%d %H:%M:%S}",
            one.outcome,
        )
    console = Console()
    console.print(table)
    if len(found) == limit:
        console.print("there may be more: --limit")
