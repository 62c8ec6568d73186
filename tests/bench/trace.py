"""Traces over a province's year: 2 million people, 50 million presences, crowded hubs included, written straight into ClickHouse."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import connect
from infra.doors_client import DoorsClient
from infra.settings import Settings
from infra.simulator.play import percentile
from tests.bench.figures import Figure
from tests.running_stack import RunningStack

PEOPLE, PRESENCES, MONTHS = 2_000_000, 50_000_000, 12
CASES, COMPARED, AT_ONCE = 200, 5, 20
SINCE = datetime(2021, 8, 10, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=7)
HERE = Path(__file__).parent
Ask = Callable[[DoorsClient, str], int]
"""One question about a case; the size of its answer."""


def trace(_settings: Settings) -> list[Figure]:
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(Path(directory), rate_limit_per_second=1_000_000)
        try:
            stack.require("api")
            with connect(stack.settings, "writer", timeout_s=300) as client:
                filled_s = _fill(client)
                cases = _cases(client)
                filled = Figure("trace: filling a province-year", filled_s, "s", 120, False, {"presences": PRESENCES, "people": PEOPLE})
                return [filled, *_traced(stack.settings, cases), *_compared(stack.settings, client, cases)]
        finally:
            stack.down()


def _fill(client: Client) -> float:
    query, rows = (HERE / "province_year.sql").read_text(encoding="utf-8"), PRESENCES // MONTHS + 1
    begun = time.perf_counter()
    for month in range(MONTHS):
        client.command(query, parameters={"month": month, "people": PEOPLE, "first": month * rows, "rows": rows})
    return time.perf_counter() - begun


def _cases(client: Client) -> list[str]:
    """People who were somewhere in the week, at random."""
    query = """
        SELECT toString(person_id) FROM presences WHERE began_at >= {since:DateTime64(3)} AND began_at < {until:DateTime64(3)}
        GROUP BY person_id ORDER BY cityHash64(person_id) LIMIT {cases:UInt32}
    """
    return [row[0] for row in client.query(query, parameters={"since": SINCE, "until": UNTIL, "cases": CASES}).result_rows]


def _traced(settings: Settings, cases: Sequence[str]) -> Iterator[Figure]:
    for depth, most_ms in ((1, 100), (2, 500), (3, 2_000)):
        yield from _measured(f"F0 → F{depth}", most_ms, cases, partial(_forward, depth=depth), settings)
    yield from _measured("place and hour", 50, cases, _place, settings)
    others = dict(zip(cases, (*cases[1:], cases[0]), strict=True))
    yield from _measured("path between two", 1_000, cases, lambda doors, case: _path(doors, case, others[case]), settings)
    yield _at_once(settings, cases)


def _measured(
    name: str, most_ms: float, cases: Sequence[str], ask: Callable[[DoorsClient, str], int], settings: Settings
) -> Iterator[Figure]:
    """The first tenth warms up; sizes are people or presences in the answer."""
    taken, sizes = list[float](), list[int]()
    with DoorsClient(settings, "tracer") as doors:
        for case in (*cases[: len(cases) // 10], *cases):
            begun = time.perf_counter()
            sizes.append(ask(doors, case))
            taken.append((time.perf_counter() - begun) * 1000)
    taken, sizes = taken[len(cases) // 10 :], sizes[len(cases) // 10 :]
    circumstances = {
        "cases": len(cases),
        "p50_ms": round(percentile(taken, 0.5), 1),
        "answer_p50": sorted(sizes)[len(sizes) // 2],
        "answer_most": max(sizes),
    }
    yield Figure(f"trace: {name}, p95", percentile(taken, 0.95), "ms", most_ms, False, circumstances)


def _forward(doors: DoorsClient, case: str, depth: int) -> int:
    period = {"since": SINCE.isoformat(), "isolated_at": UNTIL.isoformat(), "rules_id": "QD-3638"}
    return len(doors.post("/traces/forward", {"person_id": case, "depth": depth, **period})["people"])


def _place(doors: DoorsClient, case: str) -> int:
    chosen = random.Random(case)
    place = chosen.choice((f"site:{chosen.randrange(6000)}", f"post:{chosen.randrange(30)}", f"site:hub-{chosen.randrange(8)}"))
    begin = SINCE + timedelta(hours=chosen.randrange(24 * 7))
    answer = doors.get("/traces/place", place=place, **{"from": begin.isoformat(), "to": (begin + timedelta(hours=1)).isoformat()})
    return len(answer["presences"])


def _path(doors: DoorsClient, case: str, other: str) -> int:
    period = {"from": SINCE.isoformat(), "to": UNTIL.isoformat()}
    return len(doors.get("/traces/path", person_id=case, other_id=other, rules_id="QD-3638", **period)["forward"])


def _at_once(settings: Settings, cases: Sequence[str]) -> Figure:
    """As many traces to F2 begun at the same moment, against the same traces one after the other, each."""
    asked = cases[:AT_ONCE]

    def one(case: str) -> float:
        with DoorsClient(settings, "tracer") as doors:
            begun = time.perf_counter()
            _forward(doors, case, 2)
            return time.perf_counter() - begun

    alone = [one(case) for case in asked]
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        together = list(at_once.map(one, asked))
    circumstances = {"alone_ms": round(1000 * sum(alone) / AT_ONCE, 1), "at_once_ms": round(1000 * max(together), 1)}
    return Figure(f"trace: {AT_ONCE} at once, against one alone", max(together) / (sum(alone) / AT_ONCE), "×", 3, False, circumstances)


def _compared(settings: Settings, client: Client, cases: Sequence[str]) -> Iterator[Figure]:
    """The same questions as an analyst would write them, in the same run; ratio of the medians over the same cases."""
    for name, depth in (("first_contacts_by_join", 1), ("second_contacts_by_recursion", 2)):
        query = (HERE / f"{name}.sql").read_text(encoding="utf-8")
        by_hand, ours = list[float](), list[float]()
        with DoorsClient(settings, "tracer") as doors:
            for case in cases[:COMPARED]:
                begun = time.perf_counter()
                client.query(query, parameters={"person": case, "since": SINCE, "until": UNTIL})
                by_hand.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                _forward(doors, case, depth)
                ours.append(time.perf_counter() - begun)
        circumstances = {
            "by_hand_ms": round(1000 * percentile(by_hand, 0.5), 1),
            "ours_ms": round(1000 * percentile(ours, 0.5), 1),
            "cases": COMPARED,
        }
        ratio = percentile(by_hand, 0.5) / percentile(ours, 0.5)
        yield Figure(f"trace: F{depth} {name.rsplit('_', 1)[1]} by hand takes", ratio, "×", None, True, circumstances)
