"""`dibiendong trace`: what a tracing team asks: contacts, generations, sources, places, ways between two people."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console

from infra.errors import SetupError
from infra.settings import Settings
from infra.tools.cli.arguments import milestone_of, options_said
from infra.tools.cli.trace_tables import (
    show_contacts,
    show_generations,
    show_path,
    show_place,
    show_sources,
)
from infra.tools.doors_client import DoorsClient

PERIOD, WHO = ("since", "until"), ("person", "document")
ABOUT_CASE = (*WHO, "case", "onset", "sampled", "rules", "days_before_sampling", "known_at")


class Asked(StrEnum):
    PLACE = "who was at a place"
    VEHICLE = "who was in a vehicle"
    WAY = "how two people may be connected"
    MEETINGS = "whom a person met at posts (for a trace say --onset or --sampled)"
    BACKWARD = "where a case may have caught it"
    FORWARD = "whom a case may have infected"


UNDERSTOOD: Mapping[Asked, Sequence[str]] = {
    Asked.PLACE: ("place", *PERIOD),
    Asked.VEHICLE: ("plate", *PERIOD),
    Asked.WAY: (*WHO, "other", "rules", *PERIOD),
    Asked.MEETINGS: (*WHO, "minutes", *PERIOD),
    Asked.BACKWARD: (*ABOUT_CASE, "back", "back_least", "infectious_days"),
    Asked.FORWARD: (*ABOUT_CASE, "isolated", "contacts_isolated", "depth", "milestone", "without"),
}
"""The options that say something about each question."""


def trace(
    context: typer.Context,
    person: Annotated[
        str,
        typer.Argument(help="Pseudonym of the person (32 hexadecimal digits); or use --document."),
    ] = "",
    case: Annotated[
        str, typer.Option(help="Instead: a registered case by its id, with its own times.")
    ] = "",
    document: Annotated[
        str, typer.Option(help="Number of an identity document of the person.")
    ] = "",
    since: Annotated[
        str | None, typer.Option("--from", help="Begin of the period, ISO 8601.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="End of the period, ISO 8601.")] = None,
    minutes: Annotated[
        float, typer.Option(help="How far apart two scans at one post may be.")
    ] = 15.0,
    onset: Annotated[
        str | None,
        typer.Option(help="First symptoms: follows the case through generations of contacts."),
    ] = None,
    sampled: Annotated[
        str | None, typer.Option(help="Positive sample of a case without symptoms: the same.")
    ] = None,
    isolated: Annotated[
        str | None,
        typer.Option(help="Until when the case may have infected others; now, if not given."),
    ] = None,
    contacts_isolated: Annotated[
        str | None,
        typer.Option(
            help="Until when contacts may have infected others; as the case, if not given."
        ),
    ] = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="Generations to follow.")] = 2,
    rules: Annotated[
        str | None,
        typer.Option(help="QD-3638 or CV-11042; the one in force at the onset, if not given."),
    ] = None,
    days_before_sampling: Annotated[
        int | None, typer.Option(help="With --sampled, where the rules do not settle it.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(help="The answer as it would have been given then.")
    ] = None,
    milestone: Annotated[
        list[str] | None,
        typer.Option(help="What if the case was there: 'PLACE FROM TO'. May be repeated."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="What if this person had not been infected. May be repeated."),
    ] = None,
    back: Annotated[
        int | None,
        typer.Option(
            min=1, max=30, help="Instead: where the case may have caught it, so many days back."
        ),
    ] = None,
    back_least: Annotated[
        int | None,
        typer.Option(min=1, max=29, help="With --back: the shortest incubation, in days."),
    ] = None,
    infectious_days: Annotated[
        int | None,
        typer.Option(help="With --back: for how long known cases count who were not isolated."),
    ] = None,
    other: Annotated[
        str,
        typer.Option(
            help="Instead: how the person and this one may be connected, between --from and --to."
        ),
    ] = "",
    place: Annotated[
        str,
        typer.Option(
            help="Instead of a person: everybody there (post:binh-de) between --from and --to."
        ),
    ] = "",
    plate: Annotated[
        str,
        typer.Option(
            help="Instead of a person: everybody in this vehicle between --from and --to."
        ),
    ] = "",
) -> None:
    """Shows each contact with the evidence."""
    if sum(map(bool, (person, document, case, place, plate))) != 1:
        raise SetupError(
            "Say whom to trace: a person's pseudonym, --document and a number, or --case; or --place, or --plate."
        )
    asked = _asked(place=place, plate=plate, other=other, back=back, dated=onset or sampled or case)
    _refuse_others(context, asked)
    period, console = {"from": since, "to": until}, Console()
    with DoorsClient(Settings(), "tracer") as doors:
        if asked in (Asked.PLACE, Asked.VEHICLE):
            return show_place(
                doors.get(
                    "/traces/place",
                    **_given({"place": place or None, "plate": plate or None} | period),
                ),
                console,
            )
        if document:
            person = doors.get("/people/lookup", document=document)["person_id"]
        if asked is Asked.WAY:
            return show_path(
                doors.get(
                    "/traces/path", person_id=person, other_id=other, rules_id=rules, **period
                ),
                console,
            )
        if asked is Asked.MEETINGS:
            return show_contacts(
                doors.get("/traces", person_id=person, minutes=minutes, **period), minutes, console
            )
        about = {
            "person_id": person or None,
            "case_id": case or None,
            "onset_at": onset,
            "sampled_at": sampled,
            "rules_id": rules,
        }
        about = _given(about | {"known_at": known_at, "days_before_sampling": days_before_sampling})
        if asked is Asked.BACKWARD:
            about |= _given(
                {
                    "days_before": back,
                    "days_before_least": back_least,
                    "infectious_days": infectious_days,
                }
            )
            return show_sources(doors.post("/traces/backward", about), console)
        what_if = {
            "milestones": [milestone_of(one) for one in milestone or ()],
            "without": without or [],
        }
        until_when = _given({"isolated_at": isolated, "contacts_isolated_at": contacts_isolated})
        return show_generations(
            doors.post("/traces/forward", about | until_when | {"depth": depth} | what_if), console
        )


def _asked(*, place: str, plate: str, other: str, back: int | None, dated: str | None) -> Asked:
    if place or plate:
        return Asked.PLACE if place else Asked.VEHICLE
    if other:
        return Asked.WAY
    if back is not None:
        return Asked.BACKWARD
    return Asked.FORWARD if dated else Asked.MEETINGS


def _refuse_others(context: typer.Context, asked: Asked) -> None:
    """Nothing that was said is passed over in silence."""
    written_as = {one.name or "": one.opts[0] for one in context.command.params}
    if others := [
        written_as[name] for name in options_said(context) if name not in UNDERSTOOD[asked]
    ]:
        raise SetupError(f"The question is {asked}; that leaves no use for {', '.join(others)}.")


def _given(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}
