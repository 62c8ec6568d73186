"""Measures what a trace costs as the table grows to 5, 50 and 200 million presences.

The same questions meet the same density of life. People, sites, checkpoints and hubs grow with the
presences, so that everybody still meets as many others: a larger country, not a fuller room. An
answer stays as large as it was, and so should what it costs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.settings import Settings
from tests.bench.figures import Figure
from tests.bench.memory import most_memory_mb
from tests.bench.questions import Answers, Ask, answers, forward, place
from tests.bench.world import (
    FILL_S,
    World,
    fill_presences,
    in_proportion,
    people_about,
    settle,
    text_of,
)
from tests.running_stack import RunningStack

MILLION = 1_000_000
SIZES = (5, 50, 200)
"""The sizes are in millions of presences."""
CASES = 200
MAX_RATIO = 2.0
QUESTIONS: tuple[tuple[str, Callable[[World], Ask]], ...] = (
    ("F0 → F1", lambda _: forward(1)),
    ("F0 → F2", lambda _: forward(2)),
    ("F0 → F3", lambda _: forward(3)),
    ("place and hour", place),
)


@dataclass(frozen=True, slots=True)
class Grown:
    """A world of one size, as measured."""

    costs: list[Figure]
    answers: Mapping[str, Answers]


def trace_growth(_settings: Settings) -> list[Figure]:
    grown = {size: _grown(size) for size in SIZES}
    figures = list[Figure]()
    for world in grown.values():
        figures += world.costs
    figures += _ratios({size: world.answers for size, world in grown.items()})
    return figures


def _grown(size: int) -> Grown:
    """Measures on a stack of its own, whose data is gone before the next one begins."""
    world = in_proportion(size * MILLION)
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), rate_limit_per_second=1_000_000)
        try:
            stack.require("api")
            with connect(stack.settings, "writer", timeout_s=FILL_S) as client:
                filled = list(_filled(stack, client, world, f"trace_growth: {size} million"))
                people = people_about(client, CASES)
            return Grown(
                filled,
                {name: answers(stack.settings, ask(world), people) for name, ask in QUESTIONS},
            )
        finally:
            stack.down()


def _filled(stack: RunningStack, client: Client, world: World, name: str) -> Iterator[Figure]:
    filled_s, merged_s = fill_presences(client, world), settle(client)
    disk = next(iter(client.query(text_of("disk")).named_results()))
    circumstances = {
        "presences": world.presences,
        "people": world.people,
        "rows_by_hour": disk["rows_by_hour"],
    }
    yield Figure(
        f"{name}, filling",
        filled_s,
        "s",
        None,
        False,
        {**circumstances, "merged_s": round(merged_s, 1)},
    )
    yield Figure(
        f"{name}, on disk",
        disk["bytes"] / 1e6,
        "MB",
        None,
        False,
        {**circumstances, "parts": disk["parts"]},
    )
    yield Figure(
        f"{name}, most memory of ClickHouse",
        most_memory_mb(stack.pid("clickhouse")),
        "MB",
        None,
        False,
        circumstances,
    )


def _ratios(measured: Mapping[int, Mapping[str, Answers]]) -> Iterator[Figure]:
    smallest, largest = min(measured), max(measured)
    for name, _ in QUESTIONS:
        sizes = {f"{size} million": _described(answers[name]) for size, answers in measured.items()}
        of_the_largest = measured[largest][name].percentile_ms(0.5)
        of_the_smallest = measured[smallest][name].percentile_ms(0.5)
        yield Figure(
            f"trace_growth: {name}, p50 at {largest} million against {smallest}",
            of_the_largest / of_the_smallest,
            "×",
            MAX_RATIO,
            False,
            sizes,
        )


def _described(asked: Answers) -> dict[str, object]:
    return {
        "p50_ms": round(asked.percentile_ms(0.5), 1),
        "p95_ms": round(asked.percentile_ms(0.95), 1),
        "answer_p50": asked.size(0.5),
        "answer_mean": round(sum(asked.sizes) / len(asked.sizes), 1),
        "answer_most": max(asked.sizes),
    }
