"""`dibiendong trace`: what a tracing team asks: contacts, generations, sources, places, ways between two people."""

from typing import Annotated, Any

import typer
from rich.console import Console

from infra.cli.traces_shown import show_contacts, show_generations, show_path, show_place, show_sources
from infra.doors_client import DoorsClient
from infra.errors import SetupError
from infra.settings import Settings

MILESTONE_PARTS = 3


def trace(
    person: Annotated[str, typer.Argument(help="Pseudonym of the person (32 hexadecimal digits); or use --document.")] = "",
    document: Annotated[str, typer.Option(help="Number of an identity document of the person.")] = "",
    since: Annotated[str | None, typer.Option("--from", help="Begin of the period, ISO 8601.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of the period, ISO 8601.")] = None,
    minutes: Annotated[float, typer.Option(help="How far apart two scans at one post may be.")] = 15.0,
    onset: Annotated[str | None, typer.Option(help="First symptoms: follows the case through generations of contacts.")] = None,
    sampled: Annotated[str | None, typer.Option(help="Positive sample of a case without symptoms: the same.")] = None,
    isolated: Annotated[str | None, typer.Option(help="Until when the case may have infected others; now, if not given.")] = None,
    contacts_isolated: Annotated[
        str | None, typer.Option(help="Until when contacts may have infected others; as the case, if not given.")
    ] = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="Generations to follow.")] = 2,
    rules: Annotated[str | None, typer.Option(help="QD-3638 or CV-11042; the one in force at the onset, if not given.")] = None,
    days_before_sampling: Annotated[int | None, typer.Option(help="With --sampled, where the rules do not settle it.")] = None,
    known_at: Annotated[str | None, typer.Option(help="The answer as it would have been given then.")] = None,
    milestone: Annotated[list[str] | None, typer.Option(help="What if the case was there: 'PLACE FROM TO'. May be repeated.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="What if this person had not been infected. May be repeated.")] = None,
    back: Annotated[int | None, typer.Option(min=1, max=30, help="Instead: where the case may have caught it, so many days back.")] = None,
    other: Annotated[str, typer.Option(help="Instead: how the person and this one may be connected, between --from and --to.")] = "",
    place: Annotated[str, typer.Option(help="Instead of a person: everybody there (post:binh-de) between --from and --to.")] = "",
    plate: Annotated[str, typer.Option(help="Instead of a person: everybody in this vehicle between --from and --to.")] = "",
) -> None:
    """Shows each contact with the evidence."""
    if sum(map(bool, (person or document, place, plate))) != 1:
        raise SetupError("Say whom to trace: a person's pseudonym, or --document and a number; or --place, or --plate.")
    period, console = {"from": since, "to": until}, Console()
    with DoorsClient(Settings(), "tracer") as doors:
        if place or plate:
            asked = {"place": place or None, "plate": plate or None}
            return show_place(doors.get("/traces/place", **_given(asked | period)), console)
        person = person or doors.get("/people/lookup", document=document)["person_id"]
        if other:
            return show_path(doors.get("/traces/path", person_id=person, other_id=other, rules_id=rules, **period), console)
        if onset is None and sampled is None:
            return show_contacts(doors.get("/traces", person_id=person, minutes=minutes, **period), minutes, console)
        about = {"person_id": person, "onset_at": onset, "sampled_at": sampled, "rules_id": rules, "known_at": known_at}
        about = _given(about | {"days_before_sampling": days_before_sampling})
        if back is not None:
            return show_sources(doors.post("/traces/backward", about | {"days_before": back}), console)
        what_if = {"milestones": [_milestone(one) for one in milestone or ()], "without": without or []}
        until_when = _given({"isolated_at": isolated, "contacts_isolated_at": contacts_isolated})
        return show_generations(doors.post("/traces/forward", about | until_when | {"depth": depth} | what_if), console)


def _given(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}


def _milestone(told: str) -> dict[str, str]:
    parts = told.split()
    if len(parts) != MILESTONE_PARTS:
        raise SetupError(f"--milestone {told!r} is not a place, a beginning and an end, with spaces between.")
    return dict(zip(("place", "began_at", "ended_at"), parts, strict=True))
