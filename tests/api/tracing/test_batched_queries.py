"""Queries put at the same time are sent together and come back apart; a lone one never waits."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from api.backends import batched_queries
from api.backends.batched_queries import BatchedQueries, run_after_queries_are_sent
from infra.errors import TooCostly, Unavailable


class Echo:
    """Answers each row with itself, after `release` is set, and keeps what it was asked."""

    def __init__(self) -> None:
        self.queries: list[tuple[dict[str, Any], list[Sequence[object]]]] = []
        self.release = asyncio.Event()
        self.away = False
        self.costs = {"dear": 9}
        """Cost of a row by its text, 1 if not given."""
        self.max_cost = 100

    async def ask_with(
        self,
        name: str,
        parameters: dict[str, Any],
        table: str,
        structure: str,
        rows: Iterable[Sequence[object]],
    ) -> list[dict[str, Any]]:
        rows = list(rows)
        self.queries.append((parameters, rows))
        await self.release.wait()
        if self.away:
            raise Unavailable("clickhouse", "away")
        if sum(self.costs.get(str(row[1]), 1) for row in rows) > self.max_cost:
            raise TooCostly("clickhouse", "memory")
        return [{"query_number": row[0], "text": row[1]} for row in rows]

    async def ask_people(
        self, name: str, parameters: dict[str, Any], people: Iterable[str]
    ) -> list[dict[str, Any]]:
        """Answers with one row of each, and one of all."""
        people = list(people)
        self.queries.append((parameters, [(person,) for person in people]))
        await self.release.wait()
        return [*({"person_id": person} for person in people), {"people": people}]


async def ask(queries: BatchedQueries, text: str, **parameters: int) -> list[str]:
    rows = await queries.ask_with(
        "name",
        {"earliest": 0, "latest": 0, "most": 5, **parameters},
        "table",
        "text String",
        [(text,)],
    )
    return [row["text"] for row in rows]


async def put(echo: Echo, *asked: tuple[str, dict[str, int]]) -> list[list[str] | BaseException]:
    """Puts the queries to `echo`.

    The first and the second are sent by themselves, while nobody else asks; the others come while
    those are under way.
    """
    queries, waiting = BatchedQueries(echo), list[asyncio.Task[list[str]]]()
    for number, (text, parameters) in enumerate(asked):
        waiting.append(asyncio.create_task(ask(queries, text, **parameters)))
        if number < batched_queries.MAX_UNDER_WAY:
            await turns()
    await turns()
    echo.release.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


async def turns() -> None:
    """Lets more turns of the event loop pass than a query may wait for others."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_those_that_have_to_wait_go_as_one_and_each_gets_its_own_answer() -> None:
    async def run() -> None:
        echo = Echo()
        answers = await put(echo, *((str(number), {}) for number in range(20)))
        assert answers == [[str(number)] for number in range(20)]
        assert [len(rows) for _, rows in echo.queries] == [1, 1, 18]

    asyncio.run(run())


def test_a_query_that_takes_too_much_fails_alone() -> None:
    async def run() -> None:
        echo = Echo()
        echo.max_cost = 5
        answers = await put(echo, *((text, {}) for text in ("a", "b", "c", "dear", "d")))
        assert [*answers[:3], answers[4]] == [["a"], ["b"], ["c"], ["d"]]
        assert isinstance(answers[3], TooCostly)
        assert [len(rows) for _, rows in echo.queries] == [1, 1, 3, 1, 1, 1]

    asyncio.run(run())


def test_of_queries_about_people_each_gets_what_is_told_of_its_own() -> None:
    async def run() -> None:
        echo = Echo()
        queries = BatchedQueries(echo)
        asked = ["a", "b", "cd", "ce", "f"]
        waiting = list[asyncio.Task[list[dict[str, Any]]]]()
        for number, people in enumerate(asked):
            waiting.append(
                asyncio.create_task(queries.ask_people("name", {"earliest": number}, list(people)))
            )
            if number < batched_queries.MAX_UNDER_WAY:
                await turns()
        await turns()
        echo.release.set()
        answers = await asyncio.gather(*waiting)
        assert [[row["person_id"] for row in rows if "person_id" in row] for rows in answers] == [
            list(people) for people in asked
        ]
        assert [row["people"] for rows in answers for row in rows if "people" in row] == [
            ["a"],
            ["b"],
            *[list("cdef")] * 3,
        ]
        assert echo.queries[2] == ({"earliest": 2}, [("c",), ("d",), ("e",), ("f",)])

    asyncio.run(run())


def test_those_who_get_their_answers_together_ask_their_next_queries_together() -> None:
    """Each trace works on its answer first, and another query has waited longer than theirs."""

    async def run() -> None:
        echo = Echo()
        queries = BatchedQueries(echo)

        async def traces(text: str) -> None:
            await asyncio.gather(ask(queries, text, most=1), ask(queries, text, most=2))
            await ask(queries, text, most=3)

        walking = [asyncio.create_task(traces(str(number))) for number in range(20)]
        await turns()
        late = asyncio.create_task(ask(queries, "late", most=3))
        await turns()
        echo.release.set()
        await asyncio.gather(*walking, late)
        assert [(parameters["most"], len(rows)) for parameters, rows in echo.queries] == [
            (1, 20),
            (2, 20),
            (3, 21),
        ]

    asyncio.run(run())


def test_the_widest_bounds_hold_and_other_parameters_keep_queries_apart() -> None:
    async def run() -> None:
        echo = Echo()
        busy: list[tuple[str, dict[str, int]]] = [("first", {}), ("second", {})]
        bounded = [
            ("a", {"earliest": 5, "latest": 7}),
            ("b", {"earliest": 3, "latest": 6}),
            ("c", {"most": 9}),
        ]
        await put(echo, *busy, *bounded)
        assert [
            (parameters["earliest"], parameters["latest"], len(rows))
            for parameters, rows in echo.queries[2:]
        ] == [(3, 7, 2), (0, 0, 1)]

    asyncio.run(run())


def test_no_more_than_fit_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched_queries, "MAX_ROWS", 3)

    async def run() -> None:
        echo = Echo()
        await put(echo, *((str(number), {}) for number in range(9)))
        assert [len(rows) for _, rows in echo.queries] == [1, 1, 3, 3, 1]

    asyncio.run(run())


def test_a_failure_reaches_everybody_who_asked_and_the_next_query_goes_on() -> None:
    async def run() -> None:
        echo = Echo()
        echo.away = True
        echo.release.set()
        queries = BatchedQueries(echo)
        failed = await asyncio.gather(
            *(ask(queries, str(number)) for number in range(5)), return_exceptions=True
        )
        assert all(isinstance(answer, Unavailable) for answer in failed)
        echo.away = False
        assert await ask(queries, "again") == ["again"]

    asyncio.run(run())


def test_whoever_leaves_takes_no_other_query_along() -> None:
    async def run() -> None:
        echo = Echo()
        queries = BatchedQueries(echo)
        waiting = list[asyncio.Task[list[str]]]()
        for number in range(6):
            waiting.append(asyncio.create_task(ask(queries, str(number))))
            await turns()
        waiting[0].cancel()
        waiting[4].cancel()
        echo.release.set()
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert [answer for answer in answers if not isinstance(answer, BaseException)] == [
            ["1"],
            ["2"],
            ["3"],
            ["5"],
        ]

    asyncio.run(run())


def test_whoever_waits_too_long_is_told_so() -> None:
    async def run() -> None:
        queries = BatchedQueries(Echo(), max_wait_s=0.01)
        with pytest.raises(Unavailable, match="too many traces"):
            await ask(queries, "never answered")
        await turns()  # where time was over before it was sent, it is sent now, and not later

    asyncio.run(run())


def test_work_beside_queries_begins_when_the_queries_of_all_are_sent() -> None:
    async def run() -> None:
        echo = Echo()
        queries, sent = BatchedQueries(echo), list[int]()

        async def trace(text: str) -> None:
            await asyncio.gather(
                run_after_queries_are_sent(lambda: sent.append(len(echo.queries))),
                ask(queries, text),
            )

        walking = [asyncio.create_task(trace(str(number))) for number in range(20)]
        await turns()
        assert sent == [1] * 20
        echo.release.set()
        await asyncio.gather(*walking)

    asyncio.run(run())
