"""`dibiendong trace`: the questions of a tracing team, a sub-command each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console

from infra.errors import SetupError
from infra.settings import Settings
from infra.tools.cli.arguments import milestone_of
from infra.tools.cli.trace_former import FormerSpelling
from infra.tools.cli.trace_options import (
    Back,
    BackLeast,
    Case,
    ContactsIsolated,
    DaysBeforeSampling,
    Depth,
    Document,
    InfectiousDays,
    Isolated,
    KnownAt,
    Milestones,
    Onset,
    Other,
    Person,
    Place,
    Plate,
    Rules,
    Sampled,
    Since,
    SinceOrOpen,
    Until,
    UntilOrOpen,
    Without,
)
from infra.tools.cli.trace_period import period_of_person
from infra.tools.cli.trace_tables import (
    show_generations,
    show_path,
    show_person,
    show_place,
    show_sources,
)
from infra.tools.doors_client import DoorsClient, Refused

OPTION_OF_FIELD = {
    "person_id": "PERSON",
    "other_id": "--other",
    "case_id": "--case",
    "onset_at": "--onset",
    "sampled_at": "--sampled",
    "isolated_at": "--isolated",
    "contacts_isolated_at": "--contacts-isolated",
    "rules_id": "--rules",
    "days_before": "--back",
    "days_before_least": "--back-least",
    "milestones": "--milestone",
    "place": "PLACE",
}
"""Option or argument of an API field; any other field's option is `--` and the field's name."""

trace = typer.Typer(cls=FormerSpelling, no_args_is_help=True)


@trace.command()
def forward(
    person: Person = "",
    document: Document = "",
    case: Case = "",
    onset: Onset = None,
    sampled: Sampled = None,
    isolated: Isolated = None,
    contacts_isolated: ContactsIsolated = None,
    depth: Depth = 2,
    rules: Rules = None,
    days_before_sampling: DaysBeforeSampling = None,
    known_at: KnownAt = None,
    milestones: Milestones = None,
    without: Without = None,
) -> None:
    """Show whom a case may have infected, and whom those may have infected in turn.

    Say who the case is by PERSON, --document or --case; without --case, say --onset or --sampled.
    Each person comes with the contacts that lead there.
    """
    _refuse_undated(onset or sampled or case)
    with _tracer() as doors:
        response = doors.post(
            "/traces/forward",
            _subject(doors, person, document, case)
            | _without_none(
                onset_at=onset,
                sampled_at=sampled,
                isolated_at=isolated,
                contacts_isolated_at=contacts_isolated,
                depth=depth,
                rules_id=rules,
                days_before_sampling=days_before_sampling,
                known_at=known_at,
                milestones=[milestone_of(text) for text in milestones or ()],
                without=without or [],
            ),
        )
    show_generations(response, Console())


@trace.command()
def backward(
    back: Back,
    person: Person = "",
    document: Document = "",
    case: Case = "",
    onset: Onset = None,
    sampled: Sampled = None,
    back_least: BackLeast = None,
    infectious_days: InfectiousDays = None,
    rules: Rules = None,
    days_before_sampling: DaysBeforeSampling = None,
    known_at: KnownAt = None,
) -> None:
    """Show where a case may have caught it, and from whom.

    Say who the case is by PERSON, --document or --case; without --case, say --onset or --sampled.
    """
    _refuse_undated(onset or sampled or case)
    with _tracer() as doors:
        response = doors.post(
            "/traces/backward",
            _subject(doors, person, document, case)
            | _without_none(
                onset_at=onset,
                sampled_at=sampled,
                days_before=back,
                days_before_least=back_least,
                infectious_days=infectious_days,
                rules_id=rules,
                days_before_sampling=days_before_sampling,
                known_at=known_at,
            ),
        )
    show_sources(response, Console())


@trace.command("place")
def trace_place(
    since: Since,
    until: Until,
    place: Place = "",
    plate: Plate = "",
) -> None:
    """Show everybody who was at a place, or in a vehicle, within a period."""
    if bool(place) == bool(plate):
        raise SetupError("Say which place to trace: PLACE, or --plate and a number, not both.")
    period = {"from": since, "to": until}
    with _tracer() as doors:
        response = doors.get("/traces/place", place=place or None, plate=plate or None, **period)
    show_place(response, Console())


@trace.command()
def path(
    since: Since,
    until: Until,
    other: Other,
    person: Person = "",
    document: Document = "",
    rules: Rules = None,
) -> None:
    """Show how an infection may have gone from one person to another, and the other way."""
    period = {"from": since, "to": until}
    with _tracer() as doors:
        person_id = _person_id(doors, person, document)
        response = doors.get(
            "/traces/path", person_id=person_id, other_id=other, rules_id=rules, **period
        )
    show_path(response, Console())


@trace.command("person")
def trace_person(
    person: Person = "",
    document: Document = "",
    since: SinceOrOpen = None,
    until: UntilOrOpen = None,
    rules: Rules = None,
) -> None:
    """Show where a person was, and whom they met there.

    Queries POST /traces/forward for one generation, as if the person were a case in that period.
    Without --from and --to it covers the 14 days up to the person's last known stay.
    """
    with _tracer() as doors:
        person_id = _person_id(doors, person, document)
        since_at, until_at = period_of_person(doors, person_id, since, until)
        request = {"person_id": person_id, "since": since_at, "isolated_at": until_at, "depth": 1}
        response = doors.post("/traces/forward", request | _without_none(rules_id=rules))
    show_person(response, Console())


@contextmanager
def _tracer() -> Iterator[DoorsClient]:
    """Yields the doors for a tracer. Translates refused API fields into option names."""
    with DoorsClient(Settings(), "tracer") as doors:
        try:
            yield doors
        except Refused as refused:
            if not refused.faults:
                raise
            faults = [f"{_option_of(field)}: {reason}" for field, reason in refused.faults]
            raise SetupError(f"{'; '.join(faults)}.") from None


def _option_of(field: str) -> str:
    name = field.partition(".")[0]
    return OPTION_OF_FIELD.get(name, f"--{name.replace('_', '-')}")


def _refuse_undated(dated: str | None) -> None:
    if not dated:
        raise SetupError("Say when it began: --onset, or --sampled, or a registered --case.")


def _subject(doors: DoorsClient, person: str, document: str, case: str) -> dict[str, str]:
    """Returns whom a trace is about, as a field of its request."""
    if not case:
        return {"person_id": _person_id(doors, person, document)}
    if person or document:
        raise SetupError("Say whom to trace once: --case leaves no use for PERSON or --document.")
    return {"case_id": case}


def _person_id(doors: DoorsClient, person: str, document: str) -> str:
    if bool(person) == bool(document):
        raise SetupError("Say whom to trace: PERSON, a pseudonym, or --document and a number.")
    if person:
        return person
    return str(doors.get("/people/lookup", document=document)["person_id"])


def _without_none(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
