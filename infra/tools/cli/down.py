"""`dibiendong down`: stops the local stack."""

from rich.console import Console

from infra.settings import Settings
from infra.stack import stack


def down() -> None:
    stopped = stack.down(Settings())
    Console().print("Stopped." if stopped else "Nothing was running.")
