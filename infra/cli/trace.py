"""`dibiendong trace`: who shared a checkpoint with a person, and when."""

from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from infra.doors_client import DoorsClient
from infra.errors import SetupError
from infra.settings import Settings

VIETNAM = timezone(timedelta(hours=7))
SHOWN_MOST, PSEUDONYM_LENGTH = 40, 32


def trace(
    person: Annotated[str, typer.Argument(help="Pseudonym of the person (32 hexadecimal digits); or use --document.")] = "",
    document: Annotated[str, typer.Option(help="Number of an identity document of the person.")] = "",
    since: Annotated[str | None, typer.Option("--from", help="Begin of the period, ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of the period, ISO 8601.")] = None,
    minutes: Annotated[float, typer.Option(help="How far apart two scans at one post may be.")] = 15.0,
) -> None:
    """Shows each contact with the evidence."""
    if not person and not document:
        raise SetupError("Say whom to trace: a person's pseudonym, or --document and a number.")
    with DoorsClient(Settings(), "tracer") as doors:
        person = person or doors.get("/people/lookup", document=document)["person_id"]
        answer = doors.get("/traces", person_id=person, minutes=minutes, **{"from": since, "to": until})
    show(answer, minutes, Console())


def show(answer: dict[str, Any], minutes: float, console: Console) -> None:
    contacts = answer["contacts"]
    title = f"{len(contacts)} people within {minutes:g} min of {answer['person_id']} at {answer['visits']} visits"
    contact = Column("contact", overflow="fold", min_width=PSEUDONYM_LENGTH // 2)
    table = Table(contact, "post", "the person's scan", "the contact's scan", "apart", title=title)
    for contact in contacts[:SHOWN_MOST]:
        for meeting in contact["meetings"]:
            times = (local(meeting["person_scanned_at"]), local(meeting["contact_scanned_at"]))
            table.add_row(contact["person_id"], meeting["checkpoint_id"], *times, f"{meeting['gap_s']:.0f} s")
    console.print(table)
    if len(contacts) > SHOWN_MOST:
        console.print(f"and {len(contacts) - SHOWN_MOST} more, further apart: GET /traces lists them all")
    if answer["truncated"]:
        console.print("the person has more visits than were followed; narrow the period with --from and --to")


def local(at: str) -> str:
    """Time of day and date in Vietnam."""
    return f"{datetime.fromisoformat(at).astimezone(VIETNAM):%H:%M:%S %d/%m}"
