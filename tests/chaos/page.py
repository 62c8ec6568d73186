"""Keeps the tables of docs/guarantees.md: the last run of each schedule and each mutation.

The rows are in the order of the tables of contents.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from textwrap import shorten

from infra.settings import CHECKOUT
from tests.chaos.mutations import MUTATIONS
from tests.chaos.running import Result
from tests.chaos.schedules import SCHEDULES

PAGE = CHECKOUT / "docs" / "guarantees.md"


def keep_schedules(results: Sequence[Result], seed: int) -> None:
    day = datetime.now(UTC).date()
    rows = {
        result.schedule.name: (
            result.schedule.harm,
            shorten(result.complaint, 160, placeholder=" ...") or "held",
            f"{result.events:,}",
            str(result.retried),
            f"{result.harm_s:.0f} + {result.healed_s:.0f}",
            f"{seed}, {day}",
        )
        for result in results
    }
    _replace("schedules", rows, [schedule.name for schedule in SCHEDULES])


def keep_mutation(change: str, ended: str) -> None:
    mutation = next(mutation for mutation in MUTATIONS if mutation.change == change)
    row = (
        mutation.protection,
        mutation.without_it,
        mutation.schedule,
        shorten(ended, 160, placeholder=" ..."),
    )
    _replace("mutations", {change: row}, [mutation.change for mutation in MUTATIONS])


def _replace(section: str, rows: Mapping[str, Sequence[str]], order: Sequence[str]) -> None:
    """Replaces rows of a section; rows of what was not run this time stay."""
    text = PAGE.read_text(encoding="utf-8")
    table = re.search(
        rf"(?s)<!-- {section}: .*? -->\n(?P<head>\|.*?\n\|.*?\n)(?P<rows>.*?)<!-- end -->", text
    )
    assert table is not None, f"{PAGE} has no section {section}"
    lines = {line.split("`")[1]: line for line in table["rows"].splitlines() if "`" in line}
    for name, cells in rows.items():
        written = " | ".join(cell.replace("|", "/") for cell in cells)
        lines[name] = f"| `{name}` | {written} |"
    ordered = "".join(f"{lines[name]}\n" for name in order if name in lines)
    PAGE.write_text(
        text[: table.start("rows")] + ordered + text[table.end("rows") :], encoding="utf-8"
    )
