"""Queries graph libraries the same: all contacts of a week in memory, walked in time order.

Our trace by the tables runs beside them. A graph answers faster once it is there. It costs to be
there: read whole, kept whole, and as old as its last reading.
"""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import networkx  # type: ignore[import-untyped] # it has no types
import psutil
import rustworkx
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.play import percentile
from schemas.domain.exposure import QD_3638
from tests.bench.figures import Figure
from tests.bench.questions import forward_trace
from tests.bench.world import (
    FILL_S,
    SINCE,
    UNTIL,
    fill_presences,
    in_proportion,
    people_about,
    settle,
    text_of,
)
from tests.running_stack import RunningStack

PRESENCES, CASES, DEPTH = 5_000_000, 50, 2
SINCE_MS, UNTIL_MS = (int(at.timestamp() * 1000) for at in (SINCE, UNTIL))
NEVER_MS = 4_102_444_800_000
N = TypeVar("N")
Met = tuple[int, int]
"""The time from when to when, in milliseconds."""
Edge = tuple[str, str, int, int]
Generations = dict[str, int]
"""Who was reached, and in which generation."""
Trace = Callable[[str], Generations]


@dataclass(frozen=True, slots=True)
class Graph:
    library: str
    trace: Trace
    built_s: float
    memory_mb: float


def trace_graphs(_settings: Settings) -> list[Figure]:
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), rate_limit_per_second=1_000_000)
        try:
            stack.require("api")
            with connect(stack.settings, "writer", timeout_s=FILL_S) as client:
                fill_presences(client, in_proportion(PRESENCES))
                settle(client)
                return list(_figures(stack.settings, client))
        finally:
            stack.down()


def by_networkx(edges: Sequence[Edge]) -> Trace:
    graph = networkx.MultiGraph()
    graph.add_edges_from(
        (person, other, {"met": (met_from, met_to)}) for person, other, met_from, met_to in edges
    )
    edges_of = partial(graph.edges, data="met")
    return lambda person: generations(edges_of, person) if person in graph else {}


def by_rustworkx(edges: Sequence[Edge]) -> Trace:
    graph: rustworkx.PyGraph[str, Met] = rustworkx.PyGraph()
    people = list({edge[0] for edge in edges} | {edge[1] for edge in edges})
    numbers = dict(zip(people, graph.add_nodes_from(people), strict=True))
    graph.add_edges_from(
        [
            (numbers[person], numbers[other], (met_from, met_to))
            for person, other, met_from, met_to in edges
        ]
    )

    def trace(person: str) -> Generations:
        if person not in numbers:
            return {}
        return {
            graph[number]: generation
            for number, generation in generations(graph.out_edges, numbers[person]).items()
        }

    return trace


def generations(edges_of: Callable[[N], Iterable[tuple[N, N, Met]]], case: N) -> dict[N, int]:
    """Walks the graph in time order: nobody passes on what they have not caught yet.

    Everybody counts from the earliest exposure over so many steps.
    """
    earliest, reached = {case: SINCE_MS}, dict[N, int]()
    improved = earliest
    for generation in range(1, DEPTH + 1):
        exposed = dict[N, int]()
        for source in improved:
            infectious = earliest[source]
            for _, other, (met_from, met_to) in edges_of(source):
                if met_to >= infectious and met_from <= UNTIL_MS:
                    exposed[other] = min(exposed.get(other, NEVER_MS), max(met_from, infectious))
        improved = {
            person: at for person, at in exposed.items() if at < earliest.get(person, NEVER_MS)
        }
        earliest = earliest | improved
        reached = dict.fromkeys(improved, generation) | reached
    return reached


LIBRARIES = {"networkx": by_networkx, "rustworkx": by_rustworkx}


def _figures(settings: Settings, client: Client) -> Iterator[Figure]:
    joined_s = _joined(client)
    exported_s, edges, listed_mb = _exported(client)
    circumstances = {"presences": PRESENCES, "days": (UNTIL - SINCE).days, "contacts": len(edges)}
    yield Figure(
        "trace_graphs: contacts of a week, by self-join", joined_s, "s", None, False, circumstances
    )
    yield Figure(
        "trace_graphs: reading them into Python",
        exported_s,
        "s",
        None,
        False,
        {**circumstances, "memory_mb": round(listed_mb)},
    )
    graphs = [_built(library, build, edges) for library, build in LIBRARIES.items()]
    cases = people_about(client, CASES)
    ours_ms, expected = _ours(settings, cases)
    yield Figure(
        f"trace_graphs: F0 → F{DEPTH}, ours, p50",
        ours_ms,
        "ms",
        None,
        False,
        {"cases": CASES, "over": "HTTP"},
    )
    for graph in graphs:
        yield from _walked(graph, cases, expected, ours_ms, joined_s + exported_s)


def _joined(client: Client) -> float:
    rules = QD_3638
    assert rules.overlap_minutes == rules.latent_hours == 0, (
        "an edge would have to know more than from when to when"
    )
    apart = {
        "kinds": list(rules.apart_minutes),
        "apart_s": [int(minutes * 60) for minutes in rules.apart_minutes.values()],
    }
    begun = time.perf_counter()
    client.command(
        text_of("week_contacts"),
        parameters={"since": SINCE, "until": UNTIL, "distance_m": rules.distance_most_m, **apart},
    )
    return time.perf_counter() - begun


def _exported(client: Client) -> tuple[float, Sequence[Edge], float]:
    begun, before_mb = time.perf_counter(), _memory_mb()
    edges: Sequence[Edge] = client.query(text_of("week_contacts_read")).result_rows
    return time.perf_counter() - begun, edges, _memory_mb() - before_mb


def _built(library: str, build: Callable[[Sequence[Edge]], Trace], edges: Sequence[Edge]) -> Graph:
    before_mb, begun = _memory_mb(), time.perf_counter()
    trace = build(edges)
    built_s = time.perf_counter() - begun
    return Graph(library, trace, built_s, _memory_mb() - before_mb)


def _ours(settings: Settings, cases: Sequence[str]) -> tuple[float, list[Generations]]:
    """Returns the median in milliseconds, and what was found."""
    taken_ms, reached = list[float](), list[Generations]()
    with DoorsClient(settings, "tracer") as doors:
        forward_trace(doors, cases[0], DEPTH)
        for case in cases:
            begun = time.perf_counter()
            answer = forward_trace(doors, case, DEPTH)
            taken_ms.append((time.perf_counter() - begun) * 1000)
            people = answer["people"]
            reached.append({person["person_id"]: person["generation"] for person in people})
    return percentile(taken_ms, 0.5), reached


def _walked(
    graph: Graph,
    cases: Sequence[str],
    expected: Sequence[Generations],
    ours_ms: float,
    read_s: float,
) -> Iterator[Figure]:
    taken_ms = list[float]()
    for case, ours in zip(cases, expected, strict=True):
        begun = time.perf_counter()
        reached = graph.trace(case)
        taken_ms.append((time.perf_counter() - begun) * 1000)
        assert reached == ours, (
            f"{graph.library} finds {len(reached)} people from {case}, "
            f"the trace {len(ours)}, or others, or elsewhere"
        )
    p50_ms, prepared_s = percentile(taken_ms, 0.5), read_s + graph.built_s
    prepared = {"built_s": round(graph.built_s, 1), "memory_mb": round(graph.memory_mb)}
    yield Figure(
        f"trace_graphs: {graph.library}, read and built", prepared_s, "s", None, False, prepared
    )
    people = sorted(map(len, expected))
    circumstances = {
        "cases": CASES,
        "people_p50": people[CASES // 2],
        "people_most": people[-1],
        "p95_ms": round(percentile(taken_ms, 0.95), 2),
    }
    yield Figure(
        f"trace_graphs: F0 → F{DEPTH}, {graph.library}, p50",
        p50_ms * 1000,
        "µs",
        None,
        False,
        circumstances,
    )
    traces: int | str = "never"
    if ours_ms > p50_ms:
        traces = round(prepared_s * 1000 / (ours_ms - p50_ms))
    yield Figure(
        f"trace_graphs: ours, against {graph.library} once built",
        ours_ms / p50_ms,
        "×",
        None,
        False,
        {"traces_until_it_pays": traces},
    )


def _memory_mb() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6
