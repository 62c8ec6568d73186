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

MAX_LETTERS = 1_000


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
        int, typer.Option(min=1, max=MAX_LETTERS, help="Most letters to list, the oldest first.")
    ] = 100,
    again: Annotated[
        bool, typer.Option("--replay", help="Put them back on their topic as they are.")
    ] = False,
    mended: Annotated[
        Path | None,
        typer.Option(help="Put this back instead of the one letter: as it is shown, corrected."),
    ] = None,
    discarded: Annotated[
        bool, typer.Option("--discard", help="Settle them without putting anything back.")
    ] = False,
) -> None:
    """Every stage of its topic reads again what is put back, and counts it once.

    Mend first what refused it.
    """
    if sum((again, discarded, mended is not None)) > 1:
        raise SetupError("Say one of --replay, --mended and --discard.")
    settings = Settings()
    registry = Registry(settings)
    try:
        if name:
            selected = [named(settings, name)]
        else:
            selected = find(settings, topic=topic, reason=reason, settled=settled, limit=limit)
        if mended is not None:
            _mend(settings, Codec(registry), selected, name, mended)
        elif again or discarded:
            _settle(settings, Codec(registry), selected, again=again)
        elif name:
            _show(selected[0], registry)
        else:
            _show_all(selected, limit)
    finally:
        registry.close()


def _settle(settings: Settings, codec: Codec, selected: list[Letter], *, again: bool) -> None:
    still_open = [letter for letter in selected if not letter.outcome]
    if again:
        replay(settings, codec, still_open, getpass.getuser())
    else:
        discard(settings, codec, still_open, getpass.getuser())
    outcome = "put back" if again else "discarded"
    settled_before = len(selected) - len(still_open)
    typer.echo(f"{len(still_open)} {outcome}, {settled_before} were settled before")


def _mend(settings: Settings, codec: Codec, selected: list[Letter], name: str, file: Path) -> None:
    if not name:
        raise SetupError("Say which letter is mended: topic/partition/offset.")
    try:
        event = event_of(orjson.loads(file.read_bytes()))
    except (OSError, ValueError) as fault:
        raise SetupError(f"{file}: {fault}.") from None
    replay_mended(settings, codec, selected[0], event, getpass.getuser())
    typer.echo(f"{name} put back as it was mended")


def _show(letter: Letter, registry: Registry) -> None:
    """Prints JSON, so that it can be saved, corrected and given to --mended."""
    reading = read(letter.value, registry)
    shown = {
        "event": reading.event,
        "fields": reading.fields,
        "trouble": reading.trouble,
        "reason": letter.reason,
        "outcome": letter.outcome,
    }
    typer.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2, default=str).decode())


def _show_all(found: list[Letter], limit: int) -> None:
    table = Table("letter", "stage", "kind", "reason", "failed at", "settled")
    table.title = f"{len(found)} dead letters"
    for letter in found:
        failed_at = f"{letter.failed_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(
            letter.name, letter.stage, letter.kind, letter.reason, failed_at, letter.outcome
        )
    console = Console()
    console.print(table)
    if len(found) == limit:
        console.print("there may be more: --limit")
