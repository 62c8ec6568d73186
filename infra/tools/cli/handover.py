"""`dibiendong handover`: hands the contacts of a case over to their communes, and shows how each list stands."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from infra.settings import Settings
from infra.tools.cli.arguments import milestone_of, options_said
from infra.tools.cli.trace_tables import local, show_assumed, show_stays
from infra.tools.doors_client import DoorsClient

FIELDS = {
    "rules": "rules_id",
    "deadline": "deadline_hours",
    "contacts_isolated": "contacts_isolated_at",
    "milestone": "milestones",
}
"""What the door calls an option, where it calls it otherwise."""


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
    """Again after new facts it issues revisions of the lists that changed; an option that is not given is as it was the last time."""
    console = Console()
    with DoorsClient(Settings(), "tracer") as doors:
        if show:
            show_lists(doors.get("/handovers", case_id=case, limit=10_000)["handovers"], console)
            return
        asked: dict[str, Any] = {
            "depth": depth,
            "rules_id": rules,
            "follow_days": follow_days,
            "deadline_hours": deadline,
        }
        asked |= {
            "days_before_sampling": days_before_sampling,
            "contacts_isolated_at": contacts_isolated,
        }
        asked |= {"anew": anew, "milestones": [milestone_of(one) for one in milestone or ()]}
        said = {FIELDS.get(name, name) for name in options_said(context)}
        answer = doors.post(
            "/handovers",
            {"case_id": case} | {name: value for name, value in asked.items() if name in said},
        )
    counts = ", ".join(
        f"F{number} {people:,}" for number, people in enumerate(answer["generations"], start=1)
    )
    console.print(
        f"{counts} by {answer['rules']['source']}; {answer['issued']} lists issued, {answer['unchanged']} unchanged"
    )
    if answer["unlisted"] or answer["not_followed"]:
        console.print(
            f"left out: {answer['unlisted']:,} weaker contacts in crowds; not followed: {answer['not_followed']:,} people"
        )
    if answer["taken_over"]:
        console.print(f"as at the last hand-over: {', '.join(answer['taken_over'])}")
    show_stays(answer, console)
    show_assumed(answer, console)
    if not answer["shown"]:
        console.print(
            "not everything issued was seen in time: show the lists again in a moment with --show"
        )
    show_lists(answer["handovers"], console)


def show_lists(lists: list[dict[str, Any]], console: Console) -> None:
    table = Table("commune", "people", "revision", "state", "receipt until", "shown to")
    for one in lists:
        state = (
            "withdrawn"
            if not one["people"]
            else f"{one['state']}, outdated"
            if one["outdated"]
            else one["state"]
        )
        above = " → ".join(one["escalated_to"])
        name = one["unit_name"] or "residence unknown"
        table.add_row(
            name, str(one["people"]), str(one["revision"]), state, local(one["deadline_at"]), above
        )
    console.print(table)
