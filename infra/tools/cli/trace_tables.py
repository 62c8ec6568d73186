"""The answers of traces as tables on a terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from infra.tools.cli.trace_parts import (
    MAX_ROWS,
    local,
    person_column,
    place_name,
    print_crowds,
    show_assumed,
    warn_if_no_stays,
)

MAX_COMMUNES = 8
ID_LENGTH = 8
"""Number of an id's characters that are shown where it only refers to another row."""


def show_person(response: dict[str, Any], console: Console) -> None:
    """Prints where a person was, then each meeting with somebody there."""
    _show_stays_of_person(response, console)
    meetings = Table(person_column("met"), "where", "from", "to", "apart", "known by")
    contacts: list[dict[str, Any]] = []
    for person in response["people"]:
        contacts += person["contacts"]
    contacts.sort(key=lambda contact: str(contact["met_from"]))
    for contact in contacts[:MAX_ROWS]:
        meetings.add_row(
            contact["contact_id"],
            place_name(contact["place"]),
            local(contact["met_from"]),
            local(contact["met_to"]),
            f"{contact['apart_s']:.0f} s",
            " and ".join(contact["known_by"]),
        )
    people = response["generations"][0]
    meetings.title = f"{people:,} people met, by {response['rules']['source']}"
    console.print(meetings)
    if len(contacts) > MAX_ROWS:
        more = f"{len(contacts) - MAX_ROWS:,} more meetings"
        console.print(f"and {more}: POST /traces/forward lists them all")
    print_crowds(response, "ranked below the cut", console)
    show_assumed(response, console)


def show_generations(response: dict[str, Any], console: Console) -> None:
    """Prints whom a case may have infected, generation by generation."""
    table = Table("", person_column("person"), "of", "exposed", "where", "through")
    table.title = _generations_title(response)
    communes = {commune["unit_code"]: commune["name"] for commune in response["communes"]}
    people = response["people"]
    for person in people[:MAX_ROWS]:
        table.add_row(*_generation_row(person, communes))
    console.print(table)
    if len(people) > MAX_ROWS:
        more = f"{len(people) - MAX_ROWS:,} more"
        console.print(f"and {more}: POST /traces/forward lists them all, with the evidence")
    warn_if_no_stays(response, console)
    _show_communes(response["communes"], console)
    print_crowds(response, "ranked below the cut", console)
    for generation, count in response["not_followed"].items():
        console.print(f"{count:,} people of F{generation} were not followed further")
    _show_changes(response, console)
    show_assumed(response, console)


def show_sources(response: dict[str, Any], console: Console) -> None:
    """Prints where a case may have caught it, and from whom."""
    _show_milestones(response, console)
    sources = Table(person_column("may have come from"), "known case", "rarity", "met at")
    for source in response["sources"][:MAX_ROWS]:
        places = {place_name(meeting["place"]) for meeting in source["meetings"]}
        sources.add_row(
            source["person_id"],
            "yes" if source["known_case"] else "",
            f"{source['rarity']:.1f}",
            ", ".join(sorted(places)),
        )
    console.print(sources)
    people = len(response["sources"]) + response["more_sources"]
    if people > MAX_ROWS:
        console.print(f"and {people - MAX_ROWS:,} more, ranked below")
    print_crowds(response, "below the cut", console)
    if response["cases_without_period"]:
        console.print(
            f"{response['cases_without_period']:,} known cases left out: "
            "the rules do not say from when they could infect"
        )
    show_assumed(response, console)


def show_path(response: dict[str, Any], console: Console) -> None:
    """Prints how an infection may have gone from one person to another, and back."""
    _show_steps(response["forward"], "from the person to the other", console)
    _show_steps(response["backward"], "from the other to the person", console)
    if not response["complete"]:
        console.print(
            "places or generations were too crowded to follow everybody: "
            "a way, or a shorter one, may have been missed"
        )


def show_place(response: dict[str, Any], console: Console) -> None:
    """Prints everybody who was at a place."""
    table = Table(person_column("person"), "from", "to", "known by", "exact to")
    table.title = f"{response['people']:,} people at {place_name(response['place'])}"
    presences = response["presences"]
    for presence in presences[:MAX_ROWS]:
        table.add_row(
            presence["person_id"],
            local(presence["began_at"]),
            local(presence["ended_at"]),
            presence["source"],
            presence["granularity"],
        )
    console.print(table)
    more = response["more"] + max(0, len(presences) - MAX_ROWS)
    if more:
        console.print(f"and {more:,} more presences: GET /traces/place?limit=… lists them")


def _show_stays_of_person(response: dict[str, Any], console: Console) -> None:
    stays = response["milestones"]
    table = Table("where", "from", "to", "known by", "exact to")
    period = f"{local(response['since'])} to {local(response['until'])}"
    table.title = f"{len(stays):,} stays of {response['person_id']}, {period}"
    for stay in stays[:MAX_ROWS]:
        table.add_row(
            place_name(stay["place"]),
            local(stay["began_at"]),
            local(stay["ended_at"]),
            stay["known_by"],
            stay["granularity"],
        )
    console.print(table)
    if len(stays) > MAX_ROWS:
        console.print(f"and {len(stays) - MAX_ROWS:,} more stays: narrow --from and --to")


def _generations_title(response: dict[str, Any]) -> str:
    counts = [f"F{number} {count:,}" for number, count in enumerate(response["generations"], 1)]
    period = f"infectious {local(response['since'])} to {local(response['until'])}"
    by = response["rules"]["source"]
    return f"{', '.join(counts)} from {response['person_id']}, {period}, by {by}"


def _generation_row(person: dict[str, Any], communes: dict[str, str]) -> list[str]:
    steps_before = enumerate(person["chain"][:-1], start=1)
    through = [f"F{number} {step['contact_id'][:ID_LENGTH]}" for number, step in steps_before]
    own_case = " (a case)" if person["own_case_ids"] else ""
    return [
        f"F{person['generation']}",
        f"{person['person_id']}{own_case}",
        communes.get(person["residence_code"], ""),
        local(person["exposed_at"]),
        place_name(person["exposed_place"]),
        " → ".join(through) or "the case",
    ]


def _show_communes(communes: list[dict[str, Any]], console: Console) -> None:
    largest = communes[:MAX_COMMUNES]
    counts = [f"{commune['name'] or 'unknown'} {commune['people']:,}" for commune in largest]
    more = " …" if len(communes) > MAX_COMMUNES else ""
    console.print(f"{len(communes)} communes: {', '.join(counts)}{more}")


def _show_changes(response: dict[str, Any], console: Console) -> None:
    """Prints how the answer has changed since the time of --known-at."""
    if response["learnt_since"]:
        console.print(f"learnt since then: {len(response['learnt_since']):,} more people")
    if response["withdrawn_since"]:
        people = len(response["withdrawn_since"])
        console.print(f"to whom nothing leads any more: {people:,} people")
    for person, others in list(response["moved_since"].items())[:MAX_ROWS]:
        console.print(f"{person} has turned out to be {', '.join(others)}")


def _show_milestones(response: dict[str, Any], console: Console) -> None:
    table = Table("where", "from", "people", "known cases", "surprise")
    period = f"{local(response['since'])} to {local(response['until'])}"
    table.title = f"Milestones of {response['person_id']}, {period}"
    milestones = response["milestones"]
    for milestone in milestones[:MAX_ROWS]:
        table.add_row(
            place_name(milestone["place"]),
            local(milestone["first_met"]),
            f"{milestone['people']:,}",
            ", ".join(case_id[:ID_LENGTH] for case_id in milestone["cases"]),
            f"{milestone['surprise']:.1f}",
        )
    console.print(table)
    warn_if_no_stays(response, console)
    if len(milestones) > MAX_ROWS:
        more = len(milestones) - MAX_ROWS
        console.print(f"and {more:,} more, less surprising or more crowded")


def _show_steps(steps: list[dict[str, Any]], title: str, console: Console) -> None:
    length = f"{len(steps)} steps" if steps else "no way of at most four steps"
    table = Table("from", "to", "where", "met", title=f"{title}: {length}")
    for step in steps:
        table.add_row(
            step["source_id"][:ID_LENGTH],
            step["contact_id"][:ID_LENGTH],
            place_name(step["place"]),
            local(step["met_from"]),
        )
    console.print(table)
