"""Parts that the answers of several traces share on a terminal: times, places, stays, crowds."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column

from schemas.domain.local_time import VIETNAM

MAX_ROWS, PLACE_LENGTH = 40, 28
PSEUDONYM_LENGTH = 32


def person_column(title: str) -> Column:
    """Returns a column that shows pseudonyms whole, on two lines where there is no room."""
    return Column(title, overflow="fold", min_width=PSEUDONYM_LENGTH // 2)


def place_name(place: str) -> str:
    """Returns as much of a place as fits, without what the console takes for its own language."""
    return escape(place[:PLACE_LENGTH])


def local(instant: str) -> str:
    """Returns time of day and date in Vietnam."""
    return f"{datetime.fromisoformat(instant).astimezone(VIETNAM):%H:%M:%S %d/%m}"


def warn_if_no_stays(response: dict[str, Any], console: Console) -> None:
    """Warns if the case had no time to infect others, or if no stay of the period is known."""
    if datetime.fromisoformat(response["since"]) >= datetime.fromisoformat(response["until"]):
        console.print("the case was isolated before it could infect anybody")
    elif not response["stays"]:
        console.print(
            "nobody knows where the case was in that period: check the number, or add milestones",
            style="yellow",
        )


def print_crowds(response: dict[str, Any], reason: str, console: Console) -> None:
    """Prints the stays at which more people were met than the response lists."""
    crowds = response["unlisted"]
    for crowd in crowds[:MAX_ROWS]:
        at = f"{place_name(crowd['place'])} from {local(crowd['began_at'])}"
        console.print(f"{crowd['more']:,} more at {at}, {reason}")
    others = crowds[MAX_ROWS:]
    if others:
        people = sum(crowd["more"] for crowd in others)
        console.print(f"{people:,} more at {len(others):,} further stays, {reason}")


def show_assumed(response: dict[str, Any], console: Console) -> None:
    assumed = response["rules"]["assumed"]
    if assumed:
        console.print(f"not settled by the decision itself, and assumed: {', '.join(assumed)}")
