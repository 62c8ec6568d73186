"""`dibiendong load KIND FILE`: posts a table as an office exported it to the doors, and tells which rows were refused and why."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.errors import SetupError, Unavailable
from infra.settings import Settings
from infra.tools.doors_client import DoorsClient, Role, chunks_of, is_ndjson

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


SOURCES: dict[str, str] = {"citizens": "register", "zones": "zones", "orders": "orders"}
"""What a whole file of a kind brings up to date."""


def load(
    kind: Annotated[str, typer.Argument(help=f"What the rows are: {', '.join(get_args(Kind))}.")],
    file: Annotated[Path, typer.Argument(help="CSV (any separator, UTF-8 or UTF-16) or NDJSON.")],
    as_of: Annotated[
        str | None,
        typer.Option(
            help="The file is all that the register, the zones or the orders held then: verdicts tell of it as fresh."
        ),
    ] = None,
) -> None:
    """Posts the file in pieces; refused rows go to FILE.refused.ndjson with their reasons."""
    if kind not in DOORS:
        raise SetupError(f"There is no kind {kind}: the kinds are {', '.join(DOORS)}.")
    if not file.is_file():
        raise SetupError(f"There is no file {file}.")
    if as_of and kind not in SOURCES:
        raise SetupError(
            f"--as-of is for {' and '.join(SOURCES)}: no verdict tells how fresh {kind} are."
        )
    refreshed_at = time_of(as_of) if as_of else None
    console = Console()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    ) as progress:
        loaded = load_file(Settings(), kind, file, progress)
    refused = loaded.refused
    console.print(f"{loaded.accepted:,} rows accepted, {len(refused):,} refused")
    if refused:
        beside = file.with_name(file.name + ".refused.ndjson")
        beside.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in refused))
        console.print(f"why each was refused: {beside}")
    if loaded.stopped:
        console.print(
            f"not loaded from about line {loaded.line:,} on: {loaded.stopped}. Load it again: rows already taken do no harm."
        )
    if refused or loaded.stopped:
        raise typer.Exit(1)
    if refreshed_at:
        with DoorsClient(Settings(), "register") as doors:
            doors.put(f"/reference/sources/{SOURCES[kind]}", {"refreshed_at": refreshed_at})


def time_of(said: str) -> str:
    """Raises `SetupError`, before a whole file is posted."""
    try:
        return datetime.fromisoformat(said).isoformat()
    except ValueError:
        raise SetupError(f"--as-of {said} is no time: write it as 2021-09-14T08:00+07.") from None


@dataclass(slots=True)
class Loaded:
    accepted: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    """Each with the line it stands on in the file."""
    stopped: str = ""
    """Why the rest of the file was not taken, from about `line` on."""
    line: int = 0


def load_file(settings: Settings, kind: Kind, file: Path, progress: Progress) -> Loaded:
    """Goes no further where the doors stop."""
    door, role = DOORS[kind]
    content_type = "application/x-ndjson" if is_ndjson(file) else "text/csv"
    loaded = Loaded()
    task = progress.add_task(
        f"loading {kind}", total=sum(1 for _ in file.open("rb")) - (content_type == "text/csv")
    )
    with DoorsClient(settings, role) as doors:
        for before, rows, content in chunks_of(file):
            try:
                answer = doors.post_table(door, content, content_type)
            except Unavailable as away:
                answer = {"accepted": 0, "rows": [], "stopped": str(away)}
            loaded.accepted += answer["accepted"]
            shift = before - (content_type == "text/csv")
            loaded.refused += [row | {"line": row["line"] + shift} for row in answer["rows"]]
            if answer["stopped"]:
                loaded.stopped, loaded.line = (
                    answer["stopped"],
                    before + 1 + answer["accepted"] + len(answer["rows"]),
                )
                break
            progress.advance(task, rows)
    return loaded
