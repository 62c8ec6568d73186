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
    days_before_sampling: Annotated[int | None, typer.Option(help="With --sampled, where the rules do not settle it.")] = None,
    known_at: Annotated[str | None, typer.Option(help="The answer as it would have been given then.")] = None,
    back: Annotated[int | None, typer.Option(min=1, max=30, help="Instead: where the case may have caught it, so many days back.")] = None,
    other: Annotated[str, typer.Option(help="Instead: how the person and this one may be connected, between --from and --to.")] = "",
) -> None:
    """Shows each contact with the evidence."""
    if not person and not document:
        raise SetupError("Say whom to trace: a person's pseudonym, or --document and a number.")
    with DoorsClient(Settings(), "tracer") as doors:
        person = person or doors.get("/people/lookup", document=document)["person_id"]
        if other:
            show_path(
                doors.get("/traces/path", person_id=person, other_id=other, rules_id=rules, **{"from": since, "to": until}), Console()
            )
            return
        if onset is None and sampled is None:
            show(doors.get("/traces", person_id=person, minutes=minutes, **{"from": since, "to": until}), minutes, Console())
            return
        asked: dict[str, Any] = {"onset_at": onset, "sampled_at": sampled, "isolated_at": isolated, "rules_id": rules, "known_at": known_at}
        asked |= {"days_before_sampling": days_before_sampling}
        given = {"person_id": person} | {name: value for name, value in asked.items() if value is not None}
        if back is not None:
            given.pop("isolated_at", None)
            show_sources(doors.post("/traces/backward", given | {"days_before": back}), Console())
            return
        question = given | {"depth": depth}
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


def show_sources(answer: dict[str, Any], console: Console) -> None:
    period = f"{local(answer['since'])} to {local(answer['until'])}"
    table = Table("where", "from", "people", "known cases", "surprise", title=f"Milestones of {answer['person_id']}, {period}")
    for one in answer["milestones"][:SHOWN_MOST]:
        cases = ", ".join(case[:8] for case in one["cases"])
        table.add_row(one["place"][:PLACE_SHOWN], local(one["first_met"]), f"{one['people']:,}", cases, f"{one['surprise']:.1f}")
    console.print(table)
    people = Table(Column("may have come from", overflow="fold", min_width=PSEUDONYM_LENGTH // 2), "known case", "rarity", "met at")
    for source in answer["sources"][:SHOWN_MOST]:
        met = ", ".join(sorted({meeting["place"][:PLACE_SHOWN] for meeting in source["meetings"]}))
        people.add_row(source["person_id"], "yes" if source["known_case"] else "", f"{source['rarity']:.1f}", met)
    console.print(people)
    if len(answer["sources"]) + answer["more_sources"] > SHOWN_MOST:
        console.print(f"and {len(answer['sources']) + answer['more_sources'] - SHOWN_MOST:,} more, ranked below")


def show_path(answer: dict[str, Any], console: Console) -> None:
    for way, title in ((answer["forward"], "from the person to the other"), (answer["backward"], "from the other to the person")):
        table = Table("from", "to", "where", "met", title=f"{title}: {len(way)} steps" if way else f"{title}: no way of at most four steps")
        for step in way:
            table.add_row(step["source_id"][:8], step["contact_id"][:8], step["place"][:PLACE_SHOWN], local(step["met_from"]))
        console.print(table)
    if not answer["complete"]:
        console.print("places or generations were too crowded to follow everybody: a way may have been missed")


def local(at: str) -> str:
    """Time of day and date in Vietnam."""
    return f"{datetime.fromisoformat(at).astimezone(VIETNAM):%H:%M:%S %d/%m}"
