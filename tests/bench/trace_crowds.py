"""Measures traces at places that are too full for a list: a busy post, and a large factory.

A million people pass the post in one day. A hundred thousand are in the factory for eight hours.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.play import percentile
from tests.bench.figures import Figure
from tests.bench.questions import forward_trace
from tests.bench.scale import scaled
from tests.bench.world import FILL_S, SINCE, fill_presences, in_proportion, settle, text_of
from tests.running_stack import RunningStack

DAY = SINCE + timedelta(days=2)
MOMENTS, WORKERS, ROUNDS = scaled(1_000_000), scaled(100_000), 10
OFFICER = "f" * 32
MAX_MS = {1: 100.0, 2: 500.0, 3: 2_000.0}
"""The targets of any other trace, by its depth."""


def trace_crowds(_settings: Settings) -> list[Figure]:
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), rate_limit_per_second=1_000_000)
        try:
            stack.require("api")
            with connect(stack.settings, "writer", timeout_s=FILL_S) as client:
                cases = filled(client)
            return list(_figures(stack, cases))
        finally:
            stack.down()


def filled(client: Client) -> Mapping[str, str]:
    """Fills a world with both places, and returns a case of each kind."""
    fill_presences(client, in_proportion(5_000_000))
    client.command(text_of("province/crowd_post"), parameters={"day": DAY, "moments": MOMENTS})
    client.command(text_of("province/crowd_factory"), parameters={"day": DAY, "workers": WORKERS})
    client.command(text_of("province/crowd_officer"), parameters={"day": DAY, "person": OFFICER})
    settle(client)
    return {
        "one moment at a post of a million a day": _somebody(client, "post:crowded"),
        "an officer's eight hours there": OFFICER,
        "a shift in a factory of 100,000": _somebody(client, "site:factory"),
    }


def _somebody(client: Client, place: str) -> str:
    parameters = {"place": place, "noon": DAY + timedelta(hours=5), "officer": OFFICER}
    rows = client.query(text_of("somebody_at"), parameters=parameters).result_rows
    return str(rows[0][0])


def _figures(stack: RunningStack, cases: Mapping[str, str]) -> Iterator[Figure]:
    clickhouse = psutil.Process(stack.pid("clickhouse"))
    with DoorsClient(stack.settings, "tracer") as doors:
        for depth in MAX_MS:
            for name, case in cases.items():
                yield _figure(doors, clickhouse, name, case, depth)


def _figure(
    doors: DoorsClient, clickhouse: psutil.Process, name: str, case: str, depth: int
) -> Figure:
    forward_trace(doors, case, depth)
    spent_s, taken_ms = _processor_s(clickhouse), list[float]()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = forward_trace(doors, case, depth)
        taken_ms.append(1000 * (time.perf_counter() - begun))
    spent_s = _processor_s(clickhouse) - spent_s
    circumstances = {
        "people": len(answer["people"]),
        "unlisted": sum(crowd["more"] for crowd in answer["unlisted"]),
        "clickhouse_processor_ms": round(1000 * spent_s / ROUNDS),
        "slowest_ms": round(max(taken_ms)),
    }
    median_ms = percentile(taken_ms, 0.5)
    return Figure(
        f"trace: F0 → F{depth} of {name}, p50", median_ms, "ms", MAX_MS[depth], False, circumstances
    )


def _processor_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
