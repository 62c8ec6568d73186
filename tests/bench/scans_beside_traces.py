"""Measures scans to their verdicts while ten traces to F3 run without a pause.

Two of the ten are of people of one office, whose contact graphs are the largest.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.synchronize import Event

import orjson
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.tools.doors_client import DoorsClient, token_of
from infra.tools.simulator.play import percentile
from tests.bench.doors import SCANS_S, WARM_UP_S, describe_checkpoint, shown_at
from tests.bench.figures import Figure
from tests.bench.load import post_at_once, post_paced
from tests.bench.questions import forward_question, forward_trace
from tests.bench.world import (
    FILL_S,
    SINCE,
    fill_presences,
    in_proportion,
    people_about,
    settle,
    text_of,
)

PACE, TRACES, OF_THE_OFFICE, OFFICE, DEPTH = 50, 10, 2, 300, 3
MAX_P95_MS = 75.0


def scans_beside_traces(settings: Settings) -> list[Figure]:
    with connect(settings, "writer", timeout_s=FILL_S) as client:
        cases = _filled(client)
    describe_checkpoint(settings)
    largest = _largest_answer(settings, cases)
    figures = list[Figure]()
    for name, tracing in (("alone", ()), (f"beside {TRACES} traces to F{DEPTH}", cases)):
        with _traced_without_pause(settings, tracing) as traced:
            taken_ms = _scans_ms(settings)
        circumstances = {
            "scans": len(taken_ms),
            "p50_ms": round(percentile(taken_ms, 0.5), 1),
            "most_ms": round(max(taken_ms), 1),
            "traces_answered": traced(),
            "largest_answer": largest,
        }
        figure = f"scan to verdict at {PACE}/s {name}, p95"
        p95_ms = percentile(taken_ms, 0.95)
        figures.append(Figure(figure, p95_ms, "ms", MAX_P95_MS, False, circumstances))
    return figures


def _filled(client: Client) -> list[str]:
    """Fills a world with an office, and returns whom to trace."""
    fill_presences(client, in_proportion(5_000_000))
    since = SINCE + timedelta(hours=8)
    client.command(text_of("province/office"), parameters={"people": OFFICE, "since": since})
    settle(client)
    of_the_office = client.query(
        text_of("people_at"), parameters={"place": "site:office", "count": OF_THE_OFFICE}
    ).result_rows
    others = people_about(client, TRACES - OF_THE_OFFICE)
    return [*(str(row[0]) for row in of_the_office), *others]


def _largest_answer(settings: Settings, cases: Sequence[str]) -> int:
    """Asks everybody once, so that caches are warm."""
    with DoorsClient(settings, "tracer") as doors:
        return max(len(forward_trace(doors, case, DEPTH)["people"]) for case in cases)


def _scans_ms(settings: Settings) -> list[float]:
    token = token_of(settings, "admin")
    bodies = [shown_at(PACE, number) for number in range(int(PACE * (WARM_UP_S + SCANS_S)))]
    begun = int(PACE * WARM_UP_S)
    door = "/scans?wait_ms=10000"
    asyncio.run(post_paced(settings.api, door, token, bodies[:begun], PACE))
    taken_s = asyncio.run(post_paced(settings.api, door, token, bodies[begun:], PACE))
    return [1000 * taken for taken in taken_s]


@contextmanager
def _traced_without_pause(settings: Settings, cases: Sequence[str]) -> Iterator["_Answered"]:
    """Traces all cases at once, again and again, from a process of its own."""
    context = multiprocessing.get_context("spawn")
    answered = _Answered(context.Value("i", 0))
    if not cases:
        yield answered
        return
    bodies = [orjson.dumps(forward_question(case, DEPTH)) for case in cases]
    ended = context.Event()
    arguments = settings.api, token_of(settings, "tracer"), bodies, ended, answered.count
    process = context.Process(target=_keep_tracing, args=arguments)
    process.start()
    time.sleep(WARM_UP_S)
    try:
        yield answered
    finally:
        ended.set()
        process.join()


class _Answered:
    def __init__(self, count: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
        self.count = count

    def __call__(self) -> int:
        return self.count.value


def _keep_tracing(
    address: str,
    token: str,
    bodies: Sequence[bytes],
    ended: Event,
    answered: "multiprocessing.sharedctypes.Synchronized[int]",
) -> None:
    while not ended.is_set():
        asyncio.run(post_at_once(address, "/traces/forward", token, bodies))
        answered.value += len(bodies)
