"""Questions to ClickHouse over connections that fail at once, fail late, or come back."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from api.backends import clickhouse
from api.backends.clickhouse import ReadSide, text_of
from infra.errors import TooCostly, Unavailable
from tests.plain_settings import plain_settings


class Connection:
    """A client of ClickHouse that gives these outcomes in turn."""

    def __init__(self, *outcomes: Exception | list[dict[str, Any]]) -> None:
        self._outcomes = list(outcomes)
        self.closed = False

    async def query(self, text: str, **options: Any) -> Any:
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return SimpleNamespace(named_results=lambda: outcome)

    async def close(self) -> None:
        self.closed = True


def asked(monkeypatch: pytest.MonkeyPatch, *connections: Connection) -> list[dict[str, Any]]:
    waiting = list(connections)

    async def connect() -> Any:
        return waiting.pop(0)

    side = ReadSide(plain_settings())
    monkeypatch.setattr(side, "_connect", connect)
    return asyncio.run(side.ask_text("SELECT 1", {}))


def test_a_question_on_a_connection_that_had_gone_is_put_again_on_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = Connection(OperationalError("gone"))
    assert asked(monkeypatch, gone, Connection([{"one": 1}])) == [{"one": 1}]
    assert gone.closed


def test_a_question_is_put_no_more_than_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable):
        asked(
            monkeypatch, Connection(OperationalError("gone")), Connection(OperationalError("gone"))
        )


def test_a_question_that_waited_in_vain_is_not_put_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clickhouse, "AT_ONCE_S", -1.0)
    with pytest.raises(Unavailable):
        asked(monkeypatch, Connection(OperationalError("slow")), Connection([{"one": 1}]))


def test_a_question_that_clickhouse_refuses_is_not_put_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(DatabaseError):
        asked(monkeypatch, Connection(DatabaseError("no such table")), Connection([{"one": 1}]))


@pytest.mark.parametrize("code", [159, 241])
def test_a_question_that_clickhouse_gave_up_says_so_and_is_not_put_again(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    gave_up = Connection(DatabaseError("too much", code=code), [{"one": 1}])
    with pytest.raises(TooCostly):
        asked(monkeypatch, gave_up)
    assert not gave_up.closed


def test_questions_put_at_the_same_moment_share_one_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = list[Connection]()
    side = ReadSide(plain_settings())

    async def connect() -> Any:
        await asyncio.sleep(0)
        made.append(Connection([{"one": 1}], [{"one": 1}]))
        return made[-1]

    async def both() -> Any:
        return await asyncio.gather(
            side.ask_text("SELECT 1 AS one", {}), side.ask_text("SELECT 1 AS one", {})
        )

    monkeypatch.setattr(side, "_connect", connect)
    assert asyncio.run(both()) == [[{"one": 1}], [{"one": 1}]]
    assert len(made) == 1


def test_no_question_carries_its_comments() -> None:
    names = [
        str(path.relative_to(clickhouse.SQL).with_suffix(""))
        for path in clickhouse.SQL.rglob("*.sql")
    ]
    assert "tracing/contacts" in names
    assert [name for name in names if "--" in text_of(name) or not text_of(name).strip()] == []
