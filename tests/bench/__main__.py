"""`python -m tests.bench [NAME]` runs the benchmarks, prints a table and writes bench.json.

It fails when a benchmark does not run, not on a missed target.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from rich.console import Console
from rich.table import Table

from infra.settings import CHECKOUT, Settings
from infra.stack.parts import NAMES
from tests.bench.backup import backup
from tests.bench.busy_person import busy_person
from tests.bench.doors import door_batch, door_single, scan_to_verdict
from tests.bench.figures import Figure
from tests.bench.growth import growth
from tests.bench.idle import idle, up
from tests.bench.partitions import partitions
from tests.bench.peers.measure import peers
from tests.bench.profiles import profiles
from tests.bench.rebuild import rebuild
from tests.bench.rules import rules
from tests.bench.scaling import scaling
from tests.bench.scans_beside_traces import scans_beside_traces
from tests.bench.stages import stages
from tests.bench.trace import trace
from tests.bench.trace_crowds import trace_crowds
from tests.bench.trace_graphs import trace_graphs
from tests.bench.trace_growth import trace_growth
from tests.bench.trace_office import trace_office
from tests.bench.volume import volume
from tests.running_stack import RunningStack

BENCHMARKS: tuple[tuple[Callable[[Settings], list[Figure]], tuple[str, ...]], ...] = (
    (door_single, ("api",)),
    (door_batch, ("api",)),
    (stages, ()),
    (rules, ()),
    (peers, ()),
    (scaling, ()),
    (partitions, ()),
    (growth, ()),
    (profiles, ()),
    (volume, ()),
    (rebuild, ()),
    (backup, ()),
    (busy_person, ()),
    (trace, ()),
    (trace_growth, ()),
    (trace_graphs, ()),
    (trace_crowds, ()),
    (trace_office, ()),
    (up, NAMES),
    (idle, NAMES),
    (scan_to_verdict, NAMES),
    (scans_beside_traces, NAMES),
)
"""Each benchmark names the parts that run beside it.

The doors are measured without the stages, which would take both cores of a small machine.
"""


def main(only: str) -> int:
    selected = [
        (benchmark, parts) for benchmark, parts in BENCHMARKS if only in ("", benchmark.__name__)
    ]
    if not selected:
        names = ", ".join(benchmark.__name__ for benchmark, _ in BENCHMARKS)
        sys.stderr.write(f"there is no benchmark {only}; there are {names}\n")
        return 2
    console, figures = Console(), list[Figure]()
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), rate_limit_per_second=1_000_000)
        try:
            for benchmark, parts in selected:
                if parts:
                    stack.require(*parts)
                console.print(f"running {benchmark.__name__}")
                figures += benchmark(stack.settings)
        finally:
            stack.down()
    _keep(figures)
    console.print(_table(figures))
    return 0


def _keep(figures: list[Figure]) -> None:
    """Writes bench.json; figures of benchmarks that were not run this time stay."""
    file = CHECKOUT / "bench.json"
    rows = {row["name"]: row for row in orjson.loads(file.read_bytes())} if file.exists() else {}
    rows |= {figure.name: figure.as_row() for figure in figures}
    file.write_bytes(orjson.dumps(list(rows.values()), option=orjson.OPT_INDENT_2))


def _table(figures: list[Figure]) -> Table:
    table = Table("benchmark", "value", "unit", "target", "met")
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        target = "" if figure.target is None else f"{sign} {figure.target:,g}"
        table.add_row(
            figure.name,
            f"{figure.value:,.1f}",
            figure.unit,
            target,
            {True: "yes", False: "[red]no[/]", None: ""}[figure.met],
        )
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
