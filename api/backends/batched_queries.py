"""Queries of several traces, sent to ClickHouse as one.

While some queries are under way, further ones of the same kind wait, and are sent together. A query
costs much the same whether it is about one person or a hundred. A lone trace never waits; twenty at
once send hardly more queries than one does.

For a query about people, each row of the answer says of whom it tells (column `person_id`, or
`people`). Each row of any other query says which query it belongs to, and so does each row of its
answer (column `query_number`).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from api.backends.clickhouse import Queries
from infra.errors import TooCostly, Unavailable

LOOP_TURNS = 6
"""No more turns of the event loop pass between an answer and what a trace asks next."""
MAX_UNDER_WAY = 2
"""Number of batches under way at a time: more would only compete for the processors."""
MAX_ROWS = 200_000
MAX_WAIT_S = 30.0
BOUNDS = {"earliest": min, "latest": max}
"""Parameters that only narrow what is read, while each row has its exact limits.

Of several queries the widest bound holds.
"""
PEOPLE_ALONE = ""
"""Structure of a query about people alone."""
Key = tuple[object, ...]
Rows = list[dict[str, Any]]
Answers = list[Rows | TooCostly]
"""The rows for each query of a batch, or why it has none."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SentQuery:
    """A query on its way: its batch, and its number in it."""

    batch: "asyncio.Task[Answers]"
    number: int


def _new_future() -> "asyncio.Future[SentQuery]":
    return asyncio.get_running_loop().create_future()


@dataclass(frozen=True, slots=True)
class Query:
    name: str
    parameters: Mapping[str, Any]
    table: str
    structure: str
    rows: Sequence[Sequence[object]]
    sent: "asyncio.Future[SentQuery]" = field(default_factory=_new_future)

    @property
    def key(self) -> Key:
        """Queries of one key may be sent together."""
        exact = sorted(
            (name, repr(value)) for name, value in self.parameters.items() if name not in BOUNDS
        )
        return self.name, self.structure, *exact


class BatchedQueries:
    """Does what `Queries` promises, for all traces of a process."""

    def __init__(self, ask: Queries, max_wait_s: float = MAX_WAIT_S) -> None:
        self._ask = ask
        self._max_wait_s = max_wait_s
        self._waiting: dict[Key, list[Query]] = {}
        self._under_way = set[asyncio.Task[Answers]]()
        self._is_scheduled = False

    async def ask_with(
        self,
        name: str,
        parameters: Mapping[str, Any],
        table: str,
        structure: str,
        rows: Iterable[Sequence[object]],
    ) -> Rows:
        """Runs the query as `ReadSide.ask_with` does.

        The temporary table has a column `query_number` in front, and the answer must have one too.
        Raises `Unavailable` where too many others are before it.
        """
        return await self._answer(Query(name, parameters, table, structure, list(rows)))

    async def ask_people(
        self, name: str, parameters: Mapping[str, Any], people: Iterable[str]
    ) -> Rows:
        """Runs the query as `ReadSide.ask_people` does.

        The answer must say of whom each row tells. Raises `Unavailable` as above.
        """
        rows = [(person,) for person in people]
        return await self._answer(Query(name, parameters, "people", PEOPLE_ALONE, rows))

    async def _answer(self, query: Query) -> Rows:
        self._waiting.setdefault(query.key, []).append(query)
        self._schedule()
        try:
            async with asyncio.timeout(self._max_wait_s):
                sent = await query.sent
                answers = await asyncio.shield(sent.batch)
        except TimeoutError:
            raise Unavailable("clickhouse", "too many traces at a time") from None
        answer = answers[sent.number]
        if isinstance(answer, TooCostly):
            raise answer
        return answer

    def _schedule(self) -> None:
        """Sends after everybody who got an answer at the same time had their turn.

        What they ask next may go along.
        """
        if not self._is_scheduled:
            self._is_scheduled = True
            self._send_after(LOOP_TURNS)

    def _send_after(self, turns: int) -> None:
        step = self._send if turns == 0 else partial(self._send_after, turns - 1)
        asyncio.get_running_loop().call_soon(step)

    def _send(self) -> None:
        self._is_scheduled = False
        while self._waiting and len(self._under_way) < MAX_UNDER_WAY:
            queries = self._next_batch()
            batch = asyncio.create_task(self._run(queries))
            self._under_way.add(batch)
            batch.add_done_callback(self._finish)
            for number, query in enumerate(queries):
                if not query.sent.done():  # the caller may be gone
                    query.sent.set_result(SentQuery(batch, number))

    def _finish(self, batch: "asyncio.Task[Answers]") -> None:
        self._under_way.discard(batch)
        if not batch.cancelled():
            batch.exception()  # the callers raise it; this only marks it as seen
        self._schedule()

    def _next_batch(self) -> list[Query]:
        """Takes as many as fit of the kind that has waited longest."""
        key, waiting = next(iter(self._waiting.items()))
        del self._waiting[key]
        batch = waiting[:1]
        rows = len(waiting[0].rows)
        for query in waiting[1:]:
            rows += len(query.rows)
            if rows > MAX_ROWS:
                break
            batch.append(query)
        rest = waiting[len(batch) :]
        if rest:
            self._waiting[key] = rest
        return batch

    async def _run(self, queries: Sequence[Query]) -> Answers:
        """Runs them as one; where that takes too much, each alone: none fails for the others."""
        try:
            return await self._run_as_one(queries)
        except TooCostly as error:
            if len(queries) == 1:
                return [error]
        answers: Answers = []
        for query in queries:
            answers += await self._run([query])
        return answers

    async def _run_as_one(self, queries: Sequence[Query]) -> Answers:
        if queries[0].structure == PEOPLE_ALONE:
            return await self._run_people(queries)
        first = queries[0]
        structure = f"query_number UInt32, {first.structure}"
        rows = ((number, *row) for number, query in enumerate(queries) for row in query.rows)
        answers = [Rows() for _ in queries]
        parameters = _widest_parameters(queries)
        for row in await self._ask.ask_with(first.name, parameters, first.table, structure, rows):
            answers[row["query_number"]].append(row)
        return [*answers]

    async def _run_people(self, queries: Sequence[Query]) -> Answers:
        numbers = _numbers_by_person(queries)
        rows = await self._ask.ask_people(queries[0].name, _widest_parameters(queries), numbers)
        if len(queries) == 1:
            return [rows]
        answers = [Rows() for _ in queries]
        for row in rows:
            for number in _numbers_of(row, numbers):
                answers[number].append(row)
        return [*answers]


async def run_after_queries_are_sent(work: Callable[[], Result]) -> Result:
    """Runs the work when the queries that are gathered with it have been sent.

    It lets the event loop turn until then. The work holds the loop: no query could be sent during
    it, but ClickHouse answers those that were.
    """
    for _ in range(2 * LOOP_TURNS):
        await asyncio.sleep(0)
    return work()


def _widest_parameters(queries: Sequence[Query]) -> dict[str, Any]:
    parameters = dict(queries[0].parameters)
    for name, widest in BOUNDS.items():
        if name in parameters:
            parameters[name] = widest(query.parameters[name] for query in queries)
    return parameters


def _numbers_by_person(queries: Sequence[Query]) -> Mapping[str, Sequence[int]]:
    """Returns by person the numbers of the queries that are about them."""
    numbers: dict[str, list[int]] = {}
    for number, query in enumerate(queries):
        for (person,) in query.rows:
            numbers.setdefault(str(person), []).append(number)
    return numbers


def _numbers_of(row: Mapping[str, Any], numbers: Mapping[str, Sequence[int]]) -> Iterable[int]:
    """Returns the numbers of the queries that a row answers."""
    people: Sequence[str] | None = row.get("people")
    if people is None:
        return numbers[row["person_id"]]
    of_all = set[int]()
    for person in people:
        of_all.update(numbers[person])
    return of_all
