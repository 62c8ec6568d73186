"""Questions of many traces put together: while some are on their way to ClickHouse, further ones of the same kind wait, and go as one.

A question costs much the same whether it is about one person or a hundred. A lone trace never waits; twenty at once ask hardly more often
than one does. Of a question about people, each row of the answer says of whom it tells (column `person_id`, or `people`). Each row of any
other says which question it belongs to, and so does each row of its answer (column `question`).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from api.backends.clickhouse import Asks
from infra.errors import Unavailable

TURNS = 6
"""Of the event loop: no more pass between an answer and what a trace asks next."""
AT_ONCE = 2
"""Questions on their way at a time: more only compete for the processors."""
ROWS_MOST, WAIT_S = 200_000, 30.0
BOUNDS = {"earliest": min, "latest": max}
"""Parameters that only narrow what is read, while each row has its exact limits: of several questions the widest holds."""
Key = tuple[object, ...]
Rows = list[dict[str, Any]]
Answers = list[Rows]
"""By question."""
Done = TypeVar("Done")
OF_PEOPLE = ""
"""Structure of a question about people alone."""


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    parameters: Mapping[str, Any]
    table: str
    structure: str
    rows: Sequence[Sequence[object]]
    sent: "asyncio.Future[tuple[asyncio.Task[Answers], int]]"
    """With which others it went, and as which of them."""

    @property
    def key(self) -> Key:
        """Questions of one key may be put together."""
        exact = sorted(
            (name, repr(value)) for name, value in self.parameters.items() if name not in BOUNDS
        )
        return self.name, self.structure, *exact


class Together:
    """`Asks` for all traces of a process."""

    def __init__(self, ask: Asks, wait_s: float = WAIT_S) -> None:
        self._ask, self._wait_s = ask, wait_s
        self._waiting: dict[Key, list[Question]] = {}
        self._on_their_way = set[asyncio.Task[Answers]]()
        self._setting_out = False

    async def ask_with(
        self,
        name: str,
        parameters: Mapping[str, Any],
        table: str,
        structure: str,
        rows: Iterable[Sequence[object]],
    ) -> Rows:
        """As `ReadSide.ask_with`; the temporary table has a column `question` in front, and the answer must have one too. Raises
        `Unavailable` where too many others are before it."""
        return await self._asked(
            Question(
                name,
                parameters,
                table,
                structure,
                list(rows),
                asyncio.get_running_loop().create_future(),
            )
        )

    async def ask_people(
        self, name: str, parameters: Mapping[str, Any], people: Iterable[str]
    ) -> Rows:
        """As `ReadSide.ask_people`; the answer must say of whom each row tells. Raises `Unavailable` as above."""
        rows = [(person,) for person in people]
        return await self._asked(
            Question(
                name,
                parameters,
                "people",
                OF_PEOPLE,
                rows,
                asyncio.get_running_loop().create_future(),
            )
        )

    async def _asked(self, question: Question) -> Rows:
        self._waiting.setdefault(question.key, []).append(question)
        self._soon()
        try:
            async with asyncio.timeout(self._wait_s):
                task, number = await question.sent
                return (await asyncio.shield(task))[number]
        except TimeoutError:
            raise Unavailable("clickhouse", "too many traces at a time") from None

    def _set_out(self) -> None:
        self._setting_out = False
        while self._waiting and len(self._on_their_way) < AT_ONCE:
            questions = self._taken()
            task = asyncio.create_task(self._put(questions))
            self._on_their_way.add(task)
            task.add_done_callback(self._returned)
            for number, question in enumerate(questions):
                if not question.sent.done():  # whoever asked may be gone
                    question.sent.set_result((task, number))

    def _returned(self, task: "asyncio.Task[Answers]") -> None:
        self._on_their_way.discard(task)
        if not task.cancelled():
            task.exception()  # is raised where it was asked; this only says that somebody looked
        self._soon()

    def _soon(self) -> None:
        """Not before all who got an answer at the same time had their turn: what they ask next may go along."""
        if not self._setting_out:
            self._setting_out = True
            self._after(TURNS)

    def _after(self, turns: int) -> None:
        asyncio.get_running_loop().call_soon(
            self._set_out if turns == 0 else partial(self._after, turns - 1)
        )

    def _taken(self) -> list[Question]:
        """Of the kind that has waited longest, as many as fit."""
        key, waiting = next(iter(self._waiting.items()))
        del self._waiting[key]
        taken, rows = waiting[:1], len(waiting[0].rows)
        while len(taken) < len(waiting) and rows + len(waiting[len(taken)].rows) <= ROWS_MOST:
            rows += len(waiting[len(taken)].rows)
            taken.append(waiting[len(taken)])
        if left := waiting[len(taken) :]:
            self._waiting[key] = left
        return taken

    async def _put(self, questions: Sequence[Question]) -> Answers:
        first = questions[0]
        widest = {
            name: widest(one.parameters[name] for one in questions)
            for name, widest in BOUNDS.items()
            if name in first.parameters
        }
        parameters = {**first.parameters, **widest}
        if first.structure == OF_PEOPLE:
            asked_by = _asked_by(questions)
            return _apart(
                len(questions),
                await self._ask.ask_people(first.name, parameters, asked_by),
                asked_by,
            )
        rows = (
            (number, *row) for number, question in enumerate(questions) for row in question.rows
        )
        answers: Answers = [[] for _ in questions]
        for row in await self._ask.ask_with(
            first.name, parameters, first.table, f"question UInt32, {first.structure}", rows
        ):
            answers[row["question"]].append(row)
        return answers


async def meanwhile(work: Callable[[], Done]) -> Done:
    """Does it while ClickHouse answers what is asked at the same time: not before that has set out, for nothing else goes on in between."""
    for _ in range(2 * TURNS):
        await asyncio.sleep(0)
    return work()


def _asked_by(questions: Sequence[Question]) -> Mapping[str, Sequence[int]]:
    """By person, the questions that are about them."""
    asked_by: dict[str, list[int]] = {}
    for number, question in enumerate(questions):
        for (person,) in question.rows:
            asked_by.setdefault(str(person), []).append(number)
    return asked_by


def _apart(questions: int, rows: Rows, asked_by: Mapping[str, Sequence[int]]) -> Answers:
    if questions == 1:
        return [rows]
    answers: Answers = [[] for _ in range(questions)]
    for row in rows:
        several = row.get("people")
        for number in (
            asked_by[row["person_id"]]
            if several is None
            else {one for person in several for one in asked_by[person]}
        ):
            answers[number].append(row)
    return answers
