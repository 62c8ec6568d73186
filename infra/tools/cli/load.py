"""`dibiendong load KIND FILE`: posts an office's table to the doors, and says what was refused."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.accounts.accounts import Role
from infra.errors import SetupError, Unavailable
from infra.settings import Settings
from infra.tools.doors_client import DoorsClient, chunks_of, is_ndjson

Kind = Literal[
    "citizens",
    "removals",
    "declarations",
    "vaccinations",
    "tests",
    "cases",
    "orders",
    "presences",
    "follow-ups",
    "scans",
    "zones",
    "checkpoints",
    "policies",
    "exposure-rules",
    "permits",
    "signers",
    "revoked-certificates",
]
DOORS: dict[Kind, tuple[str, Role]] = {
    "citizens": ("/registry/citizens/batch", "register"),
    "removals": ("/registry/removals/batch", "register"),
    "declarations": ("/declarations/batch", "clerk"),
    "vaccinations": ("/vaccinations/batch", "register"),
    "tests": ("/tests/batch", "clerk"),
    "cases": ("/cases/batch", "tracer"),
    "orders": ("/orders/batch", "register"),
    "presences": ("/presences/batch", "tracer"),
    "follow-ups": ("/follow-ups/batch", "committee"),
    "scans": ("/scans/batch", "clerk"),
    "zones": ("/reference/zones/batch", "register"),
    "checkpoints": ("/reference/checkpoints/batch", "register"),
    "policies": ("/reference/policies/batch", "register"),
    "exposure-rules": ("/reference/exposure-rules/batch", "tracer"),
    "permits": ("/reference/permits/batch", "register"),
    "signers": ("/reference/signers/batch", "register"),
    "revoked-certificates": ("/reference/revoked-certificates/batch", "register"),
}
"""The door of each kind, and the account that may post there."""
SOURCES: dict[str, str] = {"citizens": "register", "zones": "zones", "orders": "orders"}
"""A whole file of a kind brings this source up to date."""


@dataclass(slots=True)
class Loaded:
    accepted: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    """Refused rows, each with the line it stands on in the file."""
    stopped: str = ""
    """Why the rest of the file was not taken, from about `line` on."""
    line: int = 0


def load(
    kind: Annotated[str, typer.Argument(help=f"What the rows are: {', '.join(get_args(Kind))}.")],
    file: Annotated[Path, typer.Argument(help="CSV (any separator, UTF-8 or UTF-16) or NDJSON.")],
    as_of: Annotated[
        str | None,
        typer.Option(
            help="The file is all that the register, the zones or the orders held then: "
            "verdicts tell of it as fresh."
        ),
    ] = None,
) -> None:
    """Posts the file in pieces; refused rows go to FILE.refused.ndjson with their reasons."""
    rows = _kind_of(kind)
    if not file.is_file():
        raise SetupError(f"There is no file {file}.")
    refreshed_at = _refreshed_at(rows, as_of) if as_of else None
    console, settings = Console(), Settings()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        loaded = load_file(settings, rows, file, progress)
    _show(loaded, file, console)
    if loaded.refused or loaded.stopped:
        raise typer.Exit(1)
    if refreshed_at:
        with DoorsClient(settings, "register") as doors:
            doors.put(f"/reference/sources/{SOURCES[kind]}", {"refreshed_at": refreshed_at})


def load_file(settings: Settings, kind: Kind, file: Path, progress: Progress) -> Loaded:
    """Posts the pieces of a file; goes no further where the doors stop."""
    door, role = DOORS[kind]
    has_heading = not is_ndjson(file)
    content_type = "text/csv" if has_heading else "application/x-ndjson"
    with file.open("rb") as lines:
        total = sum(1 for _ in lines) - has_heading
    task = progress.add_task(f"loading {kind}", total=total)
    loaded = Loaded()
    with DoorsClient(settings, role) as doors:
        for line_before, rows, content in chunks_of(file):
            try:
                response = doors.post_table(door, content, content_type)
            except Unavailable as away:
                response = {"accepted": 0, "rows": [], "stopped": str(away)}
            loaded.accepted += response["accepted"]
            shift = line_before - has_heading
            loaded.refused += [row | {"line": row["line"] + shift} for row in response["rows"]]
            if response["stopped"]:
                loaded.stopped = response["stopped"]
                loaded.line = line_before + 1 + response["accepted"] + len(response["rows"])
                break
            progress.advance(task, rows)
    return loaded


def _kind_of(text: str) -> Kind:
    if text not in DOORS:
        raise SetupError(f"There is no kind {text}: the kinds are {', '.join(DOORS)}.")
    return text


def _refreshed_at(kind: Kind, as_of: str) -> str:
    """Raises `SetupError`, before a whole file is posted."""
    if kind not in SOURCES:
        raise SetupError(
            f"--as-of is for {' and '.join(SOURCES)}: no verdict tells how fresh {kind} are."
        )
    try:
        return datetime.fromisoformat(as_of).isoformat()
    except ValueError:
        raise SetupError(f"--as-of {as_of} is no time: write it as 2021-09-14T08:00+07.") from None


def _show(loaded: Loaded, file: Path, console: Console) -> None:
    console.print(f"{loaded.accepted:,} rows accepted, {len(loaded.refused):,} refused")
    if loaded.refused:
        reasons = file.with_name(file.name + ".refused.ndjson")
        reasons.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in loaded.refused))
        console.print(f"why each was refused: {reasons}")
    if loaded.stopped:
        console.print(
            f"not loaded from about line {loaded.line:,} on: {loaded.stopped}. "
            "Load it again: rows already taken do no harm."
        )
