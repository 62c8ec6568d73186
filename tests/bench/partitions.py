"""Measures what many partitions cost one worker of each stage: four of each topic against 64.

Scans come one by one at several paces, and each waits for its verdict. What ClickHouse was given,
and the processor time of every part, say where it goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.stack.parts import NAMES
from infra.tools.simulator.play import percentile
from streams.stages import STAGES
from tests.bench.doors import describe_checkpoint, verdicts_at_pace
from tests.bench.figures import Figure
from tests.bench.processor import processor_s_of_parts, used_since
from tests.bench.world import text_of
from tests.running_stack import RunningStack

FEW, MANY = 4, 64
PACES = (20, 50, 200)
"""Paces are in scans a second."""
MAX_RATIO = 1.3
LATE_MS = 2_000.0
"""A checkpoint that waits no longer has no verdict then."""
PROCESSES = ("kafka", "clickhouse", *STAGES, "api")
SHARES = {"p50": 0.5, "p95": 0.95}


@dataclass(frozen=True, slots=True)
class Written:
    """What ClickHouse was given since it started."""

    inserts: int
    parts: int
    rows: int

    @classmethod
    def read(cls, client: Client) -> "Written":
        ((inserts, parts, rows),) = client.query(text_of("parts_written")).result_rows
        return cls(inserts, parts, rows)


def partitions(_settings: Settings) -> list[Figure]:
    measured = {count: _measured(count) for count in (FEW, MANY)}
    figures = list[Figure]()
    for of_size in measured.values():
        figures += of_size.values()
    return figures + list(_ratios(measured))


def figure_name(pace: int, count: int, title: str) -> str:
    return f"partitions: {pace} scans/s, {count} partitions, {title}"


def ratio_name(pace: int) -> str:
    return f"partitions: p95 at {pace} scans/s, {MANY} against {FEW}"


def _ratios(measured: Mapping[int, Mapping[str, Figure]]) -> Iterator[Figure]:
    for pace in PACES:
        few = measured[FEW][figure_name(pace, FEW, "p95")].value
        many = measured[MANY][figure_name(pace, MANY, "p95")].value
        yield Figure(ratio_name(pace), many / few, "×", MAX_RATIO, False, {"ms": [few, many]})


def _measured(count: int) -> dict[str, Figure]:
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(
            Path(directory), partitions=count, rate_limit_per_second=1_000_000
        )
        try:
            stack.require(*NAMES)
            describe_checkpoint(stack.settings)
            figures = dict[str, Figure]()
            for minute, pace in enumerate(PACES):
                for figure in _at_pace(stack, count, pace, minute):
                    figures[figure.name] = figure
            return figures
        finally:
            stack.down()


def _at_pace(stack: RunningStack, count: int, pace: int, minute: int) -> Iterator[Figure]:
    with connect(stack.settings, "writer") as client:
        written, before = Written.read(client), processor_s_of_parts(stack, PROCESSES)
        taken_ms = verdicts_at_pace(stack.settings, pace, minute)
        inserted, after = Written.read(client), processor_s_of_parts(stack, PROCESSES)
    used = used_since(before, after)
    circumstances = {
        "scans": len(taken_ms),
        "late": sum(taken > LATE_MS for taken in taken_ms),
        "most_ms": round(max(taken_ms), 1),
        "processor_s": used,
    }
    for title, share in SHARES.items():
        name = figure_name(pace, count, title)
        yield Figure(name, percentile(taken_ms, share), "ms", None, False, circumstances)
    inserts = max(1, inserted.inserts - written.inserts)
    parts = max(1, inserted.parts - written.parts)
    of_parts = {"inserts": inserts, "parts": parts}
    name = figure_name(pace, count, "parts an insert")
    yield Figure(name, parts / inserts, "", None, False, of_parts)
    name = figure_name(pace, count, "rows a part")
    yield Figure(name, (inserted.rows - written.rows) / parts, "", None, True, of_parts)
    name = figure_name(pace, count, "processor time of all parts")
    yield Figure(name, sum(used.values()), "s", None, False, used)
