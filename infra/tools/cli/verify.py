"""`dibiendong verify`: the live read models against a replay from the log."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.settings import Settings
from infra.tools.cli.progress import progress
from infra.tools.rebuild import verify as rebuild_verify
from infra.tools.rebuild.models import named
from infra.tools.rebuild.verify import Compared, Verified

DIFFERS = 1
MAX_PEOPLE = 20

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[TABLE...]", help="Only these; all when none is named."),
]


def verify(names: Names = None) -> None:
    """Changes nothing. Exit code 0 when all are equal, else 1.

    Then it names the tables, and the pseudonyms of the people, that differ.
    """
    settings, console = Settings(), Console()
    with progress(console, "replaying the log") as report:
        verified = rebuild_verify.verify(settings, named(names or []), report)
    _show(verified, console)
    if not verified.equal:
        raise typer.Exit(DIFFERS)


def _show(verified: Verified, console: Console) -> None:
    title = f"Live tables against {verified.records:,} records of the log"
    table = Table("table", "rows", "hash", "", title=title, box=None)
    for compared in sorted(verified.compared, key=lambda compared: compared.model.table):
        rows, hash_ = compared.contents.live_rows, compared.contents.live_hash
        table.add_row(compared.model.table, f"{rows:,}", f"{hash_:016x}", _outcome(compared))
    console.print(table)
    for compared in verified.compared:
        _show_people(compared, console)
    for name, topics in sorted(verified.left_out.items()):
        reason = f"the log lacks records of {', '.join(topics)}"
        console.print(f"{name} was not compared: {reason}", soft_wrap=True)


def _outcome(compared: Compared) -> str:
    if not compared.people:
        return "equal"
    people = f" for {len(compared.people):,} people" if compared.model.by_person else ""
    return f"[red]DIFFERS[/]{people}"


def _show_people(compared: Compared, console: Console) -> None:
    table = compared.model.table
    for person, contents in list(compared.people.items())[:MAX_PEOPLE]:
        name = f"{table} of {person}" if person else table
        rows = f"{contents.live_rows} rows live, {contents.replayed_rows} from the log"
        more = "" if contents.delta[0] else ", with other contents"
        console.print(f"{name}: {rows}{more}", soft_wrap=True)
    if len(compared.people) > MAX_PEOPLE:
        others = f"{len(compared.people) - MAX_PEOPLE:,} people more"
        console.print(f"{table}: and {others}", soft_wrap=True)
