"""`dibiendong handover`: hands the contacts of a case over to their communes."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from infra.settings import Settings
from infra.tools.cli.arguments import milestone_of, options_given
from infra.tools.cli.trace_parts import local, show_assumed, warn_if_no_stays
from infra.tools.doors_client import DoorsClient

OPTION_OF_FIELD = {
    "depth": "depth",
    "rules_id": "rules",
    "follow_days": "follow_days",
    "deadline_hours": "deadline",
    "days_before_sampling": "days_before_sampling",
    "contacts_isolated_at": "contacts_isolated",
    "anew": "anew",
    "milestones": "milestone",
}
"""Fields of the request, each with the option that fills it."""


def handover(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="Id of the case, as POST /cases gave it.")],
    follow_days: Annotated[
        int | None,
        typer.Option(help="For how many days after the last exposure contacts are watched."),
    ] = None,
    depth: Annotated[
        int | None, typer.Option(min=1, max=4, help="Generations to follow; at first 2.")
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(help="Set of exposure rules; at first the one in force at the onset."),
    ] = None,
    days_before_sampling: Annotated[
        int | None,
        typer.Option(help="For a case without symptoms, where the rules do not settle it."),
    ] = None,
    contacts_isolated: Annotated[
        str | None,
        typer.Option(help="Until when contacts may have infected others; at first as the case."),
    ] = None,
    milestone: Annotated[
        list[str] | None,
        typer.Option(help="Where the case was besides: 'PLACE FROM TO'. May be repeated."),
    ] = None,
    deadline: Annotated[
        float | None, typer.Option(help="Hours until a receipt is overdue; at first 4.")
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Take nothing over from the last hand-over.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Only show the lists as they stand.")
    ] = False,
) -> None:
    """Issues revisions of the lists that changed, when it is run again after new facts.

    An option that is not given is as it was the last time.
    """
    # The other options are read from the context, which knows those that were given.
    console = Console()
    with DoorsClient(Settings(), "tracer") as doors:
        if show:
            lists = doors.get("/handovers", case_id=case, limit=10_000)["handovers"]
        else:
            response = doors.post("/handovers", {"case_id": case} | _request(context))
            _show_outcome(response, console)
            lists = response["handovers"]
    _show_lists(lists, console)


def _request(context: typer.Context) -> dict[str, Any]:
    """Returns the options that were given, as fields of the request."""
    given = options_given(context)
    fields = {
        field: context.params[option]
        for field, option in OPTION_OF_FIELD.items()
        if option in given
    }
    if "milestones" in fields:
        fields["milestones"] = [milestone_of(text) for text in fields["milestones"]]
    return fields


def _show_outcome(response: dict[str, Any], console: Console) -> None:
    counts = [f"F{number} {people:,}" for number, people in enumerate(response["generations"], 1)]
    lists = f"{response['issued']} lists issued, {response['unchanged']} unchanged"
    console.print(f"{', '.join(counts)} by {response['rules']['source']}; {lists}")
    if response["unlisted"] or response["not_followed"]:
        console.print(
            f"left out: {response['unlisted']:,} weaker contacts in crowds; "
            f"not followed: {response['not_followed']:,} people"
        )
    if response["taken_over"]:
        console.print(f"as at the last hand-over: {', '.join(response['taken_over'])}")
    warn_if_no_stays(response, console)
    show_assumed(response, console)
    if not response["shown"]:
        console.print(
            "not everything issued was seen in time: show the lists again in a moment with --show"
        )


def _show_lists(lists: list[dict[str, Any]], console: Console) -> None:
    table = Table("commune", "people", "revision", "state", "receipt until", "shown to")
    for row in lists:
        table.add_row(
            row["unit_name"] or "residence unknown",
            str(row["people"]),
            str(row["revision"]),
            _state(row),
            local(row["deadline_at"]),
            " → ".join(row["escalated_to"]),
        )
    console.print(table)


def _state(row: dict[str, Any]) -> str:
    if not row["people"]:
        return "withdrawn"
    return f"{row['state']}, outdated" if row["outdated"] else str(row["state"])
