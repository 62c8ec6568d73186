"""`dibiendong down`."""

from rich.console import Console

from infra.local import stack
from infra.settings import Settings


def down() -> None:
    stopped = stack.down(Settings())
    Console().print("Stopped." if stopped else "Nothing was running.")
