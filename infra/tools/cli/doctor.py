"""`dibiendong doctor`."""

import typer
from rich.console import Console

from infra.settings import Settings
from infra.stack.checks import CHECKS

WRONG = 2


def doctor() -> None:
    """Exit code 0 when all is well, else 2."""
    settings, console, well = Settings(), Console(), True
    for check in CHECKS:
        with console.status(f"{check.name} ..."):
            troubles = check.look(settings)
        well = well and not troubles
        console.print(
            f"[red]✗[/] {check.name}" if troubles else f"[green]✓[/] {check.name}", highlight=False
        )
        for trouble in troubles:
            console.print(f"    {trouble}", highlight=False, markup=False)
    if not well:
        raise typer.Exit(WRONG)
