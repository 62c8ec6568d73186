"""Measures what more partitions and workers bring, with one, two and four of each.

The doors are measured, each stage alone over a backlog, and all of it at once. A machine with fewer
cores than workers tells what sharing costs. docs/performance.md derives what a larger one gains.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.stack.parts import NAMES
from infra.tools.doors_client import DoorsClient
from streams.stages import STAGES
from tests.bench.doors import declaration, door_batch, door_single
from tests.bench.figures import Figure
from tests.bench.memory import most_memory_of_parts
from tests.bench.processor import processor_s_of_parts, used_since
from tests.bench.scale import scaled
from tests.bench.stages import measured
from tests.bench.world import text_of
from tests.running_stack import RunningStack
from tests.waiting import wait_until

MANY = (1, 2, 4)
PEOPLE, SCANS_EACH, ROWS_AT_A_TIME = scaled(20_000), 2, 5_000
PROCESSES = ("kafka", "registry", "clickhouse", *STAGES, "api")
VERDICTS_S = 600.0
END_TO_END = 8_000.0
"""Events a second through everything, at any number of partitions."""


def processor_name(many: int) -> str:
    return f"scaling: processor time of an event, {many} partitions and workers"


def scaling(_settings: Settings) -> list[Figure]:
    measured_at = {many: _stages(many) | _doors(many) | _end_to_end(many) for many in MANY}
    figures = list[Figure]()
    for of_size in measured_at.values():
        figures += of_size.values()
    return figures + list(_ratios(measured_at))


def _ratios(measured_at: Mapping[int, Mapping[str, Figure]]) -> Iterator[Figure]:
    fewest = MANY[0]
    for name, figure in measured_at[fewest].items():
        sizes = {str(many): round(measured_at[many][name].value, 1) for many in MANY}
        for many in MANY[1:]:
            yield Figure(
                f"scaling: {name}, {many} against {fewest}",
                measured_at[many][name].value / figure.value,
                "×",
                None,
                True,
                sizes,
            )


def _stages(many: int) -> dict[str, Figure]:
    rates = measured(PEOPLE, partitions=many, stage_workers=many)
    return {
        stage: Figure(
            f"scaling: {stage}, {many} partitions and workers",
            rate.per_second,
            "1/s",
            None,
            True,
            rate.circumstances,
        )
        for stage, rate in rates.items()
    }


def _doors(many: int) -> dict[str, Figure]:
    """Measures one process of the doors: only the partitions behind it are more."""
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), partitions=many, rate_limit_per_second=1_000_000)
        try:
            stack.require("api")
            figures = [*door_single(stack.settings), *door_batch(stack.settings)]
        finally:
            stack.down()
    return {
        figure.name: replace(figure, name=f"scaling: {figure.name}, {many} partitions", target=None)
        for figure in figures
    }


def _end_to_end(many: int) -> dict[str, Figure]:
    """Measures rows through the door until the last verdict is in ClickHouse, with all at work."""
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(
            Path(directory), partitions=many, stage_workers=many, rate_limit_per_second=1_000_000
        )
        try:
            stack.require(*NAMES)
            before = processor_s_of_parts(stack, PROCESSES)
            taken_s = _through(stack.settings)
            used = used_since(before, processor_s_of_parts(stack, PROCESSES))
            memory = most_memory_of_parts(stack, PROCESSES)
        finally:
            stack.down()
    events = PEOPLE * (1 + SCANS_EACH)
    circumstances = {"events": events, "people": PEOPLE, "workers": many, "partitions": many}
    by_part = {name: round(megabytes) for name, megabytes in memory.items()}
    of_an_event = {part: round(1e6 * used_s / events, 1) for part, used_s in used.items()}
    return {
        "end to end": Figure(
            f"scaling: end to end, {many} partitions and workers",
            events / taken_s,
            "1/s",
            END_TO_END,
            True,
            circumstances,
        ),
        "processor time of an event": Figure(
            processor_name(many), sum(of_an_event.values()), "µs", None, False, of_an_event
        ),
        "peak memory": Figure(
            f"scaling: peak memory of all parts, {many} partitions and workers",
            sum(memory.values()),
            "MB",
            None,
            False,
            by_part,
        ),
    }


def _through(settings: Settings) -> float:
    declared = [declaration(number) for number in range(PEOPLE)]
    with DoorsClient(settings, "admin") as doors, connect(settings, "reader") as client:
        checkpoint = {
            "name": "Chốt",
            "unit_code": "21481",
            "valid_from": "2021-01-01T00:00:00+00:00",
        }
        doors.put("/reference/checkpoints/bench", checkpoint)
        begun = time.perf_counter()
        _post(doors, "/declarations/batch", declared)
        for turn in range(SCANS_EACH):
            _post(doors, "/scans/batch", [_scan(row["document_number"], turn) for row in declared])
        wanted = PEOPLE * SCANS_EACH
        wait_until(
            lambda: client.command(text_of("verdicts_reached")) >= wanted or None,
            VERDICTS_S,
            what="verdicts",
            poll_s=0.2,
        )
        return time.perf_counter() - begun


def _post(doors: DoorsClient, door: str, rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        answer = doors.post_rows(door, rows[start : start + ROWS_AT_A_TIME])
        assert not answer["refused"], answer["rows"][:1]


def _scan(document_number: object, turn: int) -> dict[str, object]:
    return {
        "shown": document_number,
        "checkpoint_id": "bench",
        "direction": "in",
        "scanned_at": f"2021-09-15T{4 + turn:02d}:00:00+00:00",
    }
