"""`dibiendong replay`: a past period judged again, under the policies it had or another one."""

import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from infra.settings import Settings
from infra.tools.cli.progress import progress, rate
from infra.tools.doors_client import DoorsClient

MAX_ROWS = 30


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
    query = {"from": since, "to": until, "policy": policy}
    with (
        DoorsClient(Settings(), "analyst") as doors,
        progress(console, "replaying the journal") as report,
    ):
        response = doors.get("/policies/replay", **query)
        while response["state"] == "running":
            report(response["done"], response["total"])
            time.sleep(response["ask_again_after_s"])
            response = doors.get("/policies/replay", **query)
    _show(response, console)


def _show(response: dict[str, Any], console: Console) -> None:
    reproduced = f"{response['reproduced']:,} of {response['recorded']:,} recorded verdicts"
    records, took_s = response["records"], response["took_s"]
    took = f"{records:,} records in {took_s:.1f} s{rate(records, took_s)}"
    console.print(
        f"{response['judged']:,} scans judged again, {reproduced} are given again exactly; {took}",
        soft_wrap=True,
        highlight=False,
    )
    for deviation in response["deviations"][:MAX_ROWS]:
        _show_deviation(deviation, console)
    if response["policy_id"] is not None:
        _show_changes(response, console)


def _show_deviation(deviation: dict[str, Any], console: Console) -> None:
    fields = [
        f"{name}: {recorded} recorded, {replayed} replayed"
        for name, (recorded, replayed) in deviation["fields"].items()
    ]
    console.print(
        f"scan {deviation['scan_id']} at {deviation['checkpoint_id']}: "
        f"{', '.join(fields) or 'the journal lacks it'}",
        soft_wrap=True,
        highlight=False,
    )


def _show_changes(response: dict[str, Any], console: Console) -> None:
    changed, policy_id = response["changed"], response["policy_id"]
    console.print(
        f"{changed:,} scans would have been answered otherwise under {policy_id}", soft_wrap=True
    )
    console.print(_decisions(response["decisions"]))
    if not changed:
        return
    console.print(_grounds(response["grounds"]))
    _show_checkpoints(response["posts"], console)


def _decisions(rows: list[dict[str, Any]]) -> Table:
    table = Table("was", "would be", "scans")
    for row in rows:
        would_be = "the same" if row["would_be"] == row["was"] else row["would_be"]
        table.add_row(row["was"], would_be, f"{row['scans']:,}")
    return table


def _grounds(rows: list[dict[str, Any]]) -> Table:
    table = Table("found", "in so many verdicts no more", "besides")
    for row in rows:
        table.add_row(row["ground"], f"{row['gone']:,}", f"{row['new']:,}")
    return table


def _show_checkpoints(rows: list[dict[str, Any]], console: Console) -> None:
    table = Table("checkpoint", "scans", "graver", "milder", "other reasons")
    changed = [row for row in rows if row["graver"] or row["milder"] or row["other_reasons"]]
    for row in changed[:MAX_ROWS]:
        counts = [row[name] for name in ("judged", "graver", "milder", "other_reasons")]
        table.add_row(row["checkpoint_id"], *(f"{count:,}" for count in counts))
    console.print(table)
    if len(changed) > MAX_ROWS:
        more = f"{len(changed) - MAX_ROWS:,} checkpoints more"
        console.print(f"and {more}: GET /policies/replay lists them all, with the scans")
