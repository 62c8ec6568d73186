"""Content hashes of two databases' tables, as a whole and by person.

ClickHouse computes them over what FINAL leaves of each table.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.clickhouse.client import AWAY, connect
from infra.errors import Unavailable
from infra.settings import Settings
from infra.tools.rebuild.models import ReadModel

HERE = Path(__file__).parent
WHOLE = (HERE / "whole.sql").read_text(encoding="utf-8")
BY_PERSON = (HERE / "by_person.sql").read_text(encoding="utf-8")
TIMEOUT_S = 3600.0
MAX_PEOPLE = 100_000
"""More people of one table are not compared one by one."""
HASHES = 1 << 64
NOBODY = ""
"""Stands for the person where a table's rows are no person's."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows and the sum of their hashes, of the live table and of the one replayed from the log.

    Every column counts: no column of a read model says when it was written.
    """

    live_rows: int
    replayed_rows: int
    live_hash: int
    replayed_hash: int

    @property
    def equal(self) -> bool:
        return (self.live_rows, self.live_hash) == (self.replayed_rows, self.replayed_hash)

    @property
    def delta(self) -> tuple[int, int]:
        """Rows and hash that one table has and the other lacks.

        The pair stays the same as long as the rows that differ stay the same.
        """
        return self.live_rows - self.replayed_rows, (self.live_hash - self.replayed_hash) % HASHES


class Comparison:
    """Compares the live database with the one named `replayed`. Raises `Unavailable`."""

    def __init__(self, live: Settings, replayed: str) -> None:
        self._live, self._replayed = live, replayed

    def whole(self, model: ReadModel) -> Contents:
        (row,) = self._query(WHOLE, model)
        return Contents(**row)

    def differing(self, model: ReadModel) -> dict[str, Contents]:
        """Returns contents by pseudonym; empty when the tables are equal."""
        if not model.by_person:
            whole = self.whole(model)
            return {} if whole.equal else {NOBODY: whole}
        rows = self._query(BY_PERSON, model, max_people=MAX_PEOPLE)
        return {row.pop("person"): Contents(**row) for row in rows}

    def _query(self, query: str, model: ReadModel, **more: Any) -> list[dict[str, Any]]:
        parameters = {
            "live": self._live.clickhouse_database,
            "replayed": self._replayed,
            "table": model.table,
            **more,
        }
        try:
            with connect(self._live, "reader", timeout_s=TIMEOUT_S) as client:
                rows = client.query(query, parameters=parameters).named_results()
                return [dict(row) for row in rows]
        except AWAY as error:
            raise Unavailable("clickhouse", f"{model.table}: {type(error).__name__}") from error
