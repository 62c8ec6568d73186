"""`dibiendong doctor`: checks what the stack needs of this machine."""

import typer
from rich.console import Console

from infra.settings import Settings
from infra.stack.checks import CHECKS

WRONG = 2


def doctor() -> None:
    """Ends with exit code 0 when all is well, else 2."""
    settings, console = Settings(), Console()
    all_well = True
    for check in CHECKS:
        with console.status(f"{check.name} ..."):
            troubles = check.look(settings)
        all_well = all_well and not troubles
        mark = "[red]✗[/]" if troubles else "[green]✓[/]"
        console.print(f"{mark} {check.name}", highlight=False)
        for trouble in troubles:
            console.print(f"    {trouble}", highlight=False, markup=False)
    if not all_well:
        raise typer.Exit(WRONG)
