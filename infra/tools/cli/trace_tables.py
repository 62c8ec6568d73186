"""Answers of traces as tables on a terminal."""

from datetime import datetime, timedelta, timezone
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

VIETNAM = timezone(timedelta(hours=7))
SHOWN_MOST, PSEUDONYM_LENGTH, PLACE_SHOWN, COMMUNES_SHOWN = 40, 32, 28, 8


def show_contacts(answer: dict[str, Any], minutes: float, console: Console) -> None:
    contacts = answer["contacts"]
    title = f"{len(contacts)} people within {minutes:g} min of {answer['person_id']} at {answer['visits']} visits"
    contact = Column("contact", overflow="fold", min_width=PSEUDONYM_LENGTH // 2)
    table = Table(contact, "post", "the person's scan", "the contact's scan", "apart", title=title)
    for contact in contacts[:SHOWN_MOST]:
        for meeting in contact["meetings"]:
            times = (local(meeting["person_scanned_at"]), local(meeting["contact_scanned_at"]))
            table.add_row(
                contact["person_id"], meeting["checkpoint_id"], *times, f"{meeting['gap_s']:.0f} s"
            )
    console.print(table)
    if len(contacts) > SHOWN_MOST:
        console.print(f"and {len(contacts) - SHOWN_MOST} more, GET /traces lists them all")
    if answer["truncated"]:
        console.print(
            "the person has more visits than were followed; narrow the period with --from and --to"
        )


def show_generations(answer: dict[str, Any], console: Console) -> None:
    counts = ", ".join(
        f"F{number} {count:,}" for number, count in enumerate(answer["generations"], start=1)
    )
    period = f"infectious {local(answer['since'])} to {local(answer['until'])}"
    title = f"{counts} from {answer['person_id']}, {period}, by {answer['rules']['source']}"
    table = Table(
        "",
        Column("person", overflow="fold", min_width=PSEUDONYM_LENGTH // 2),
        "of",
        "exposed",
        "where",
        "through",
        title=title,
    )
    names = {commune["unit_code"]: commune["name"] for commune in answer["communes"]}
    for person in answer["people"][:SHOWN_MOST]:
        before = [
            f"F{number} {step['contact_id'][:8]}"
            for number, step in enumerate(person["chain"][:-1], start=1)
        ]
        where = place_of(person["exposed_place"])
        through = " → ".join(before) or "the case"
        of = names.get(person["residence_code"], "")
        person_id = (
            f"{person['person_id']} (a case)" if person["own_case_ids"] else person["person_id"]
        )
        table.add_row(
            f"F{person['generation']}", person_id, of, local(person["exposed_at"]), where, through
        )
    console.print(table)
    if len(answer["people"]) > SHOWN_MOST:
        console.print(
            f"and {len(answer['people']) - SHOWN_MOST:,} more: POST /traces/forward lists them all, with the evidence"
        )
    show_stays(answer, console)
    owners = ", ".join(
        f"{one['name'] or 'unknown'} {one['people']:,}"
        for one in answer["communes"][:COMMUNES_SHOWN]
    )
    console.print(
        f"{len(answer['communes'])} communes: {owners}{' …' if len(answer['communes']) > COMMUNES_SHOWN else ''}"
    )
    show_unlisted(answer, "ranked below the cut", console)
    for generation, count in answer["not_followed"].items():
        console.print(f"{count:,} people of F{generation} were not followed further")
    if answer["learnt_since"]:
        console.print(f"learnt since then: {len(answer['learnt_since']):,} more people")
    if answer["withdrawn_since"]:
        console.print(f"to whom nothing leads any more: {len(answer['withdrawn_since']):,} people")
    for person, others in list(answer["moved_since"].items())[:SHOWN_MOST]:
        console.print(f"{person} has turned out to be {', '.join(others)}")
    show_assumed(answer, console)


def show_stays(answer: dict[str, Any], console: Console) -> None:
    if datetime.fromisoformat(answer["since"]) >= datetime.fromisoformat(answer["until"]):
        console.print("the case was isolated before it could infect anybody")
    elif not answer["stays"]:
        console.print(
            "nobody knows where the case was in that period: check the number, or add milestones",
            style="yellow",
        )


def show_unlisted(answer: dict[str, Any], why: str, console: Console) -> None:
    stays = answer["unlisted"]
    for stay in stays[:SHOWN_MOST]:
        console.print(
            f"{stay['more']:,} more at {place_of(stay['place'])} from {local(stay['began_at'])}, {why}"
        )
    if others := stays[SHOWN_MOST:]:
        console.print(
            f"{sum(stay['more'] for stay in others):,} more at {len(others):,} further stays, {why}"
        )


def show_assumed(answer: dict[str, Any], console: Console) -> None:
    if answer["rules"]["assumed"]:
        console.print(
            f"not settled by the decision itself, and assumed: {', '.join(answer['rules']['assumed'])}"
        )


def show_sources(answer: dict[str, Any], console: Console) -> None:
    period = f"{local(answer['since'])} to {local(answer['until'])}"
    table = Table(
        "where",
        "from",
        "people",
        "known cases",
        "surprise",
        title=f"Milestones of {answer['person_id']}, {period}",
    )
    for one in answer["milestones"][:SHOWN_MOST]:
        cases = ", ".join(case[:8] for case in one["cases"])
        table.add_row(
            place_of(one["place"]),
            local(one["first_met"]),
            f"{one['people']:,}",
            cases,
            f"{one['surprise']:.1f}",
        )
    console.print(table)
    show_stays(answer, console)
    if len(answer["milestones"]) > SHOWN_MOST:
        console.print(
            f"and {len(answer['milestones']) - SHOWN_MOST:,} more, less surprising or more crowded"
        )
    people = Table(
        Column("may have come from", overflow="fold", min_width=PSEUDONYM_LENGTH // 2),
        "known case",
        "rarity",
        "met at",
    )
    for source in answer["sources"][:SHOWN_MOST]:
        met = ", ".join(sorted({place_of(meeting["place"]) for meeting in source["meetings"]}))
        people.add_row(
            source["person_id"],
            "yes" if source["known_case"] else "",
            f"{source['rarity']:.1f}",
            met,
        )
    console.print(people)
    if len(answer["sources"]) + answer["more_sources"] > SHOWN_MOST:
        console.print(
            f"and {len(answer['sources']) + answer['more_sources'] - SHOWN_MOST:,} more, ranked below"
        )
    show_unlisted(answer, "below the cut", console)
    if answer["cases_without_period"]:
        console.print(
            f"{answer['cases_without_period']:,} known cases left out: the rules do not say from when they could infect"
        )
    show_assumed(answer, console)


def show_path(answer: dict[str, Any], console: Console) -> None:
    for way, title in (
        (answer["forward"], "from the person to the other"),
        (answer["backward"], "from the other to the person"),
    ):
        table = Table(
            "from",
            "to",
            "where",
            "met",
            title=f"{title}: {len(way)} steps" if way else f"{title}: no way of at most four steps",
        )
        for step in way:
            table.add_row(
                step["source_id"][:8],
                step["contact_id"][:8],
                place_of(step["place"]),
                local(step["met_from"]),
            )
        console.print(table)
    if not answer["complete"]:
        console.print(
            "places or generations were too crowded to follow everybody: a way, or a shorter one, may have been missed"
        )


def show_place(answer: dict[str, Any], console: Console) -> None:
    title = f"{answer['people']:,} people at {place_of(answer['place'])}"
    table = Table(
        Column("person", overflow="fold", min_width=PSEUDONYM_LENGTH // 2),
        "from",
        "to",
        "known by",
        "exact to",
        title=title,
    )
    for one in answer["presences"][:SHOWN_MOST]:
        table.add_row(
            one["person_id"],
            local(one["began_at"]),
            local(one["ended_at"]),
            one["source"],
            one["granularity"],
        )
    console.print(table)
    if more := answer["more"] + max(0, len(answer["presences"]) - SHOWN_MOST):
        console.print(f"and {more:,} more presences: GET /traces/place?limit=… lists them")


def place_of(place: str) -> str:
    """As much as fits; whoever named it may have used what the console takes for its own language."""
    return escape(place[:PLACE_SHOWN])


def local(at: str) -> str:
    """Time of day and date in Vietnam."""
    return f"{datetime.fromisoformat(at).astimezone(VIETNAM):%H:%M:%S %d/%m}"
