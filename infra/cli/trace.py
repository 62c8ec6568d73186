"""`dibiendong trace`: who shared a checkpoint with a person, and when; or, with the onset of a case, whom it may have infected in turn."""

from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from infra.doors_client import DoorsClient
from infra.errors import SetupError
from infra.settings import Settings

VIETNAM = timezone(timedelta(hours=7))
SHOWN_MOST, PSEUDONYM_LENGTH, PLACE_SHOWN, COMMUNES_SHOWN = 40, 32, 28, 8


def trace(
    person: Annotated[str, typer.Argument(help="Pseudonym of the person (32 hexadecimal digits); or use --document.")] = "",
    document: Annotated[str, typer.Option(help="Number of an identity document of the person.")] = "",
    since: Annotated[str | None, typer.Option("--from", help="Begin of the period, ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of the period, ISO 8601.")] = None,
    minutes: Annotated[float, typer.Option(help="How far apart two scans at one post may be.")] = 15.0,
    onset: Annotated[str | None, typer.Option(help="First symptoms: follows the case through generations of contacts.")] = None,
    sampled: Annotated[str | None, typer.Option(help="Positive sample of a case without symptoms: the same.")] = None,
    isolated: Annotated[str | None, typer.Option(help="Until when the case may have infected others; now, if not given.")] = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="Generations to follow.")] = 2,
    rules: Annotated[str | None, typer.Option(help="QD-3638 or CV-11042; the one in force at the onset, if not given.")] = None,
    known_at: Annotated[str | None, typer.Option(help="The answer as it would have been given then.")] = None,
) -> None:
    """Shows each contact with the evidence."""
    if not person and not document:
        raise SetupError("Say whom to trace: a person's pseudonym, or --document and a number.")
    with DoorsClient(Settings(), "tracer") as doors:
        person = person or doors.get("/people/lookup", document=document)["person_id"]
        if onset is None and sampled is None:
            show(doors.get("/traces", person_id=person, minutes=minutes, **{"from": since, "to": until}), minutes, Console())
            return
        asked = {"onset_at": onset, "sampled_at": sampled, "isolated_at": isolated, "rules_id": rules, "known_at": known_at}
        question = {"person_id": person, "depth": depth} | {name: value for name, value in asked.items() if value is not None}
        show_generations(doors.post("/traces/forward", question), Console())


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


def show_generations(answer: dict[str, Any], console: Console) -> None:
    counts = ", ".join(f"F{number} {count:,}" for number, count in enumerate(answer["generations"], start=1))
    period = f"infectious {local(answer['since'])} to {local(answer['until'])}"
    title = f"{counts} from {answer['person_id']}, {period}, by {answer['rules']['source']}"
    table = Table("", Column("person", overflow="fold", min_width=PSEUDONYM_LENGTH // 2), "of", "exposed", "where", "through", title=title)
    names = {commune["unit_code"]: commune["name"] for commune in answer["communes"]}
    for person in answer["people"][:SHOWN_MOST]:
        before = [f"F{number} {step['contact_id'][:8]}" for number, step in enumerate(person["chain"][:-1], start=1)]
        where = person["chain"][-1]["place"][:PLACE_SHOWN]
        through = " → ".join(before) or "the case"
        of = names.get(person["residence_code"], "")
        table.add_row(f"F{person['generation']}", person["person_id"], of, local(person["exposed_at"]), where, through)
    console.print(table)
    if len(answer["people"]) > SHOWN_MOST:
        console.print(f"and {len(answer['people']) - SHOWN_MOST:,} more: POST /traces/forward lists them all, with the evidence")
    owners = ", ".join(f"{one['name'] or 'unknown'} {one['people']:,}" for one in answer["communes"][:COMMUNES_SHOWN])
    console.print(f"{len(answer['communes'])} communes: {owners}{' …' if len(answer['communes']) > COMMUNES_SHOWN else ''}")
    for stay in answer["unlisted"][:SHOWN_MOST]:
        console.print(f"{stay['more']:,} more at {stay['place'][:PLACE_SHOWN]} from {local(stay['began_at'])}, ranked below the cut")
    for generation, count in answer["not_followed"].items():
        console.print(f"{count:,} people of F{generation} were not followed further")
    if answer["learnt_since"]:
        console.print(f"learnt since then: {len(answer['learnt_since']):,} more people")
    console.print(f"not settled by the decision itself, and assumed: {', '.join(answer['rules']['assumed'])}")


def local(at: str) -> str:
    """Time of day and date in Vietnam."""
    return f"{datetime.fromisoformat(at).astimezone(VIETNAM):%H:%M:%S %d/%m}"
