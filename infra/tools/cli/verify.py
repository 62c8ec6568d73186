"""`dibiendong verify`: the live read models against a replay from the log."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.settings import Settings
from infra.tools.cli.rebuild import progress
from infra.tools.rebuild.models import named
from infra.tools.rebuild.verify import Found, Verified
from infra.tools.rebuild.verify import verify as hold_against_the_log

DIFFERS = 1
PEOPLE_SHOWN = 20

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[TABLE...]", help="Only these; all when none is named."),
]


def verify(names: Names = None) -> None:
    """Changes nothing. Exit code 0 when all are equal, else 1, with the tables and the pseudonyms of the people that differ."""
    settings, console = Settings(), Console()
    with progress(console, "replaying the log") as report:
        verified = hold_against_the_log(settings, named(names or []), report)
    show(verified, console)
    if not verified.equal:
        raise typer.Exit(DIFFERS)


def show(verified: Verified, console: Console) -> None:
    table = Table(
        "table",
        "rows",
        "hash",
        "",
        title=f"Live tables against {verified.records:,} records of the log",
        box=None,
    )
    for one in sorted(verified.found, key=lambda one: one.model.table):
        table.add_row(
            one.model.table,
            f"{one.contents.live_rows:,}",
            f"{one.contents.live_hash:016x}",
            outcome(one),
        )
    console.print(table)
    for one in verified.found:
        show_people(one, console)
    for name, topics in sorted(verified.left_out.items()):
        console.print(
            f"{name} was not compared: retention has taken the first records of {', '.join(topics)}",
            soft_wrap=True,
        )


def outcome(one: Found) -> str:
    if not one.people:
        return "equal"
    return (
        f"[red]DIFFERS[/] for {len(one.people):,} people"
        if one.model.by_person
        else "[red]DIFFERS[/]"
    )


def show_people(one: Found, console: Console) -> None:
    for person, contents in list(one.people.items())[:PEOPLE_SHOWN]:
        whose = f" of {person}" if person else ""
        rows = f"{contents.live_rows} rows live, {contents.replayed_rows} from the log"
        console.print(
            f"{one.model.table}{whose}: {rows}{'' if contents.delta[0] else ', with other contents'}",
            soft_wrap=True,
        )
    if len(one.people) > PEOPLE_SHOWN:
        console.print(
            f"{one.model.table}: and {len(one.people) - PEOPLE_SHOWN:,} people more", soft_wrap=True
        )
