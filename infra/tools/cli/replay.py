"""`dibiendong replay`: what another policy would have decided over a past period, or whether the journal gives every verdict again."""

import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from infra.settings import Settings
from infra.tools.cli.rebuild import progress, rate
from infra.tools.doors_client import DoorsClient

SHOWN_MOST = 30


def replay(
    since: Annotated[
        str,
        typer.Option(
            "--from", help="Begin of the period, ISO 8601; without a zone it is Vietnam's."
        ),
    ],
    until: Annotated[str, typer.Option("--to", help="Its end, which is not part of it.")],
    policy: Annotated[
        str | None,
        typer.Option(help="Id of a policy, a draft too; the policies as they were, if not given."),
    ] = None,
) -> None:
    """Reads the journal from its beginning, beside the path. Verdicts stay as they are."""
    console = Console()
    with (
        DoorsClient(Settings(), "analyst") as doors,
        progress(console, "replaying the journal") as report,
    ):
        while (
            answer := doors.get(
                "/policies/replay", **{"from": since, "to": until, "policy": policy}
            )
        )["state"] == "running":
            report(answer["done"], answer["total"])
            time.sleep(answer["ask_again_after_s"])
    show(answer, console)


def show(answer: dict[str, Any], console: Console) -> None:
    again = f"{answer['reproduced']:,} of {answer['recorded']:,} recorded verdicts are given again exactly"
    took = f"{answer['records']:,} records in {answer['took_s']:.1f} s{rate(answer['records'], answer['took_s'])}"
    console.print(
        f"{answer['judged']:,} scans judged again, {again}; {took}", soft_wrap=True, highlight=False
    )
    for one in answer["deviations"][:SHOWN_MOST]:
        fields = ", ".join(
            f"{name}: {was} recorded, {now} replayed" for name, (was, now) in one["fields"].items()
        )
        console.print(
            f"scan {one['scan_id']} at {one['checkpoint_id']}: {fields or 'the journal lacks it'}",
            soft_wrap=True,
            highlight=False,
        )
    if answer["policy_id"] is not None:
        show_changes(answer, console)


def show_changes(answer: dict[str, Any], console: Console) -> None:
    console.print(
        f"{answer['changed']:,} scans would have been answered otherwise under {answer['policy_id']}",
        soft_wrap=True,
    )
    decisions = Table("was", "would be", "scans")
    for one in answer["decisions"]:
        decisions.add_row(
            one["was"],
            one["would_be"] if one["would_be"] != one["was"] else "the same",
            f"{one['scans']:,}",
        )
    console.print(decisions)
    if not answer["changed"]:
        return
    grounds = Table("found", "in so many verdicts no more", "besides")
    for one in answer["grounds"]:
        grounds.add_row(one["ground"], f"{one['gone']:,}", f"{one['new']:,}")
    console.print(grounds)
    posts = Table("post", "scans", "graver", "milder", "other reasons")
    changed = [
        one for one in answer["posts"] if one["graver"] or one["milder"] or one["other_reasons"]
    ]
    for one in changed[:SHOWN_MOST]:
        posts.add_row(
            one["checkpoint_id"],
            *(f"{one[name]:,}" for name in ("judged", "graver", "milder", "other_reasons")),
        )
    console.print(posts)
    if len(changed) > SHOWN_MOST:
        console.print(
            f"and {len(changed) - SHOWN_MOST:,} posts more: GET /policies/replay lists them all, with the scans"
        )
