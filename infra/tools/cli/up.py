"""`dibiendong up`: starts the local stack, and watches it in the foreground."""

import signal
import time
from typing import Annotated

import typer
from rich.console import Console

from infra.errors import InfraError
from infra.settings import Settings
from infra.stack import stack
from infra.stack.parts import NAMES
from infra.stack.startup import Report
from infra.stack.supervisor import Supervisor

LOOK_EVERY_S = 1.0

Only = Annotated[
    str,
    typer.Option(
        metavar="PART,...", help=f"Only these parts and what they need: {', '.join(NAMES)}."
    ),
]
Foreground = Annotated[
    bool, typer.Option("--foreground", help="Stay, report restarts, and stop the stack on Ctrl-C.")
]


def up(only: Only = "", foreground: Foreground = False) -> None:
    settings, console = Settings(), Console()
    parts = [name for name in only.split(",") if name]
    began = time.monotonic()
    if foreground:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        stack.up(settings, parts, tied=foreground, report=_ready_line(console))
        took = f"{time.monotonic() - began:.1f} s"
        console.print(f"Ready in {took}; 'dibiendong status' shows each part.")
        if foreground:
            _watch(settings, console)
    except KeyboardInterrupt:
        if not foreground:
            raise InfraError(
                "Interrupted: what was started goes on; 'dibiendong down' stops it."
            ) from None
        stack.down(settings)
        console.print("Stopped.")


def _ready_line(console: Console) -> Report:
    def report(name: str, seconds: float) -> None:
        console.print(f"  {name} ready after {seconds:.1f} s", highlight=False)

    return report


def _watch(settings: Settings, console: Console) -> None:
    """Reports restarts until the supervisor is gone. Raises `InfraError` then."""
    supervisor = Supervisor.of(settings)
    known = supervisor.processes()
    while True:
        time.sleep(LOOK_EVERY_S)
        now = supervisor.processes()
        if not now:
            raise InfraError(
                "The supervisor is gone, and its parts with it: run the command again."
            )
        for name, process in now.items():
            if process.running and process.pid != known[name].pid:
                console.print(f"  {name} was restarted as process {process.pid}", highlight=False)
        known = now
