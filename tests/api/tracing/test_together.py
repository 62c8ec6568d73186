"""Questions put at the same time go together and come back apart; a lone one never waits."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from api.backends import batched_queries as together
from api.backends.batched_queries import Together, meanwhile
from infra.errors import Unavailable


class Echo:
    """Answers each row with itself, after `release` is set; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, Any], list[Sequence[object]]]] = []
        self.release = asyncio.Event()
        self.away = False

    async def ask_with(
        self,
        name: str,
        parameters: dict[str, Any],
        table: str,
        structure: str,
        rows: Iterable[Sequence[object]],
    ) -> list[dict[str, Any]]:
        taken = list(rows)
        self.asked.append((parameters, taken))
        await self.release.wait()
        if self.away:
            raise Unavailable("clickhouse", "away")
        return [{"question": row[0], "said": row[1]} for row in taken]

    async def ask_people(
        self, name: str, parameters: dict[str, Any], people: Iterable[str]
    ) -> list[dict[str, Any]]:
        """One row of each, and one of all."""
        taken = list(people)
        self.asked.append((parameters, [(person,) for person in taken]))
        await self.release.wait()
        return [*({"person_id": person} for person in taken), {"people": taken}]


async def asked(side: Together, said: str, **parameters: int) -> list[str]:
    rows = await side.ask_with(
        "name",
        {"earliest": 0, "latest": 0, "most": 5, **parameters},
        "table",
        "said String",
        [(said,)],
    )
    return [row["said"] for row in rows]


async def put(
    echo: Echo, *questions: tuple[str, dict[str, int]]
) -> list[list[str] | BaseException]:
    """The first and the second go out by themselves, while nobody else asks; the others come while those are on their way."""
    side, waiting = Together(echo), list[asyncio.Task[list[str]]]()
    for number, (said, parameters) in enumerate(questions):
        waiting.append(asyncio.create_task(asked(side, said, **parameters)))
        if number < together.AT_ONCE:
            await turns()
    await turns()
    echo.release.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


async def turns() -> None:
    """Of the event loop, more than a question may wait for others."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_those_that_have_to_wait_go_as_one_and_each_gets_its_own_answer() -> None:
    async def ask() -> None:
        echo = Echo()
        answers = await put(echo, *((str(number), {}) for number in range(20)))
        assert answers == [[str(number)] for number in range(20)]
        assert [len(rows) for _, rows in echo.asked] == [1, 1, 18]

    asyncio.run(ask())


def test_of_questions_about_people_each_gets_what_is_told_of_its_own() -> None:
    async def ask() -> None:
        echo = Echo()
        side = Together(echo)
        asked = ["a", "b", "cd", "ce", "f"]
        waiting = list[asyncio.Task[list[dict[str, Any]]]]()
        for number, people in enumerate(asked):
            waiting.append(
                asyncio.create_task(side.ask_people("name", {"earliest": number}, list(people)))
            )
            if number < together.AT_ONCE:
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
        assert echo.asked[2] == ({"earliest": 2}, [("c",), ("d",), ("e",), ("f",)])

    asyncio.run(ask())


def test_those_who_get_their_answers_together_ask_their_next_questions_together() -> None:
    """Though each works on its answer first, and another question has waited longer than theirs."""

    async def ask() -> None:
        echo = Echo()
        side = Together(echo)

        async def traces(said: str) -> None:
            await asyncio.gather(asked(side, said, most=1), asked(side, said, most=2))
            await asked(side, said, most=3)

        walking = [asyncio.create_task(traces(str(number))) for number in range(20)]
        await turns()
        late = asyncio.create_task(asked(side, "late", most=3))
        await turns()
        echo.release.set()
        await asyncio.gather(*walking, late)
        assert [(parameters["most"], len(rows)) for parameters, rows in echo.asked] == [
            (1, 20),
            (2, 20),
            (3, 21),
        ]

    asyncio.run(ask())


def test_the_widest_bounds_hold_and_other_parameters_keep_questions_apart() -> None:
    async def ask() -> None:
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
            for parameters, rows in echo.asked[2:]
        ] == [(3, 7, 2), (0, 0, 1)]

    asyncio.run(ask())


def test_no_more_than_fit_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "ROWS_MOST", 3)

    async def ask() -> None:
        echo = Echo()
        await put(echo, *((str(number), {}) for number in range(9)))
        assert [len(rows) for _, rows in echo.asked] == [1, 1, 3, 3, 1]

    asyncio.run(ask())


def test_a_failure_reaches_everybody_who_asked_and_the_next_question_goes_on() -> None:
    async def ask() -> None:
        echo = Echo()
        echo.away = True
        echo.release.set()
        side = Together(echo)
        failed = await asyncio.gather(
            *(asked(side, str(number)) for number in range(5)), return_exceptions=True
        )
        assert all(isinstance(answer, Unavailable) for answer in failed)
        echo.away = False
        assert await asked(side, "again") == ["again"]

    asyncio.run(ask())


def test_whoever_leaves_takes_no_other_question_along() -> None:
    async def ask() -> None:
        echo = Echo()
        side = Together(echo)
        waiting = list[asyncio.Task[list[str]]]()
        for number in range(6):
            waiting.append(asyncio.create_task(asked(side, str(number))))
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

    asyncio.run(ask())


def test_whoever_waits_too_long_is_told_so() -> None:
    async def ask() -> None:
        side = Together(Echo(), wait_s=0.01)
        with pytest.raises(Unavailable, match="too many traces"):
            await asked(side, "never answered")

    asyncio.run(ask())


def test_whoever_works_meanwhile_begins_when_the_questions_of_all_have_set_out() -> None:
    async def ask() -> None:
        echo = Echo()
        side, set_out = Together(echo), list[int]()

        async def trace(said: str) -> None:
            await asyncio.gather(
                meanwhile(lambda: set_out.append(len(echo.asked))), asked(side, said)
            )

        walking = [asyncio.create_task(trace(str(number))) for number in range(20)]
        await turns()
        assert set_out == [1] * 20
        echo.release.set()
        await asyncio.gather(*walking)

    asyncio.run(ask())
