"""Content hashes of two databases' tables, as a whole and by person, computed by ClickHouse over what FINAL leaves of each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.clickhouse.client import AWAY, connect
from infra.errors import Unavailable
from infra.settings import Settings
from infra.tools.rebuild.models import ReadModel

HERE = Path(__file__).parent
WHOLE, BY_PERSON = (
    (HERE / f"{name}.sql").read_text(encoding="utf-8") for name in ("whole", "by_person")
)
LONGEST_S = 3600.0
MOST_PEOPLE = 100_000
"""More of one table are not looked at one by one."""
HASHES = 1 << 64


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows and the sum of their hashes, of the live table and of the one replayed from the log. Every column counts: none of a read model
    says when it was written."""

    live_rows: int
    replayed_rows: int
    live_hash: int
    replayed_hash: int

    @property
    def equal(self) -> bool:
        return (self.live_rows, self.live_hash) == (self.replayed_rows, self.replayed_hash)

    @property
    def delta(self) -> tuple[int, int]:
        """What of the one is not in the other: the same again when what differs is the same again."""
        return self.live_rows - self.replayed_rows, (self.live_hash - self.replayed_hash) % HASHES


NOBODY = ""
"""Stands for the person where a table's rows say nothing of whose they are."""


class Comparison:
    def __init__(self, live: Settings, replayed: str) -> None:
        self._live, self._replayed = live, replayed

    def whole(self, model: ReadModel) -> Contents:
        (row,) = self._ask(WHOLE, model)
        return Contents(**row)

    def differing(self, model: ReadModel) -> dict[str, Contents]:
        """By pseudonym; empty when the tables are equal."""
        if not model.by_person:
            whole = self.whole(model)
            return {} if whole.equal else {NOBODY: whole}
        return {
            row.pop("person"): Contents(**row)
            for row in self._ask(BY_PERSON, model, most=MOST_PEOPLE)
        }

    def _ask(self, query: str, model: ReadModel, **more: Any) -> list[dict[str, Any]]:
        names = {
            "live": self._live.clickhouse_database,
            "replayed": self._replayed,
            "table": model.table,
        }
        try:
            with connect(self._live, "reader", timeout_s=LONGEST_S) as client:
                return [
                    dict(row)
                    for row in client.query(query, parameters=names | more).named_results()
                ]
        except AWAY as error:
            raise Unavailable("clickhouse", f"{model.table}: {type(error).__name__}") from error
