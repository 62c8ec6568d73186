"""The golden schema as a client would answer about it: tables and columns, without a server."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.tools.docs import COLUMNS, TABLES

STATEMENT = re.compile(
    r"CREATE (?:TABLE|VIEW) (?P<name>\w+)\n\((?P<columns>.*?)\n\)\n(?P<rest>.*?);\n", re.DOTALL
)
COLUMN_BEGINS = re.compile(r"\n    (?=`)")
COMMENT = re.compile(r"COMMENT '((?:[^'\\]|\\.)*)'")
SORTING_KEY = re.compile(r"^ORDER BY \(?(.*?)\)?$", re.MULTILINE)
Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Result:
    result_rows: list[Row]


class GoldenSchema:
    """Answers what `clickhouse_page` asks of a client, from the text of `schema.sql`."""

    def __init__(self, text: str) -> None:
        self._tables: list[Row] = []
        self._columns: dict[str, list[Row]] = {}
        for statement in STATEMENT.finditer(text):
            name, rest = statement["name"], statement["rest"]
            sorting_key = SORTING_KEY.search(rest) if "ENGINE = " in rest else None
            key = sorting_key[1] if sorting_key else ""
            self._tables.append((name, _comment(rest), key))
            columns = COLUMN_BEGINS.split(statement["columns"])[1:]
            self._columns[name] = [_column(column) for column in columns]

    def query(self, query: str, parameters: Mapping[str, Any] | None = None) -> Result:
        if query == TABLES:
            return Result(sorted(self._tables))
        assert query == COLUMNS and parameters
        return Result(self._columns[parameters["table"]])


def _column(text: str) -> Row:
    """Returns name, type and comment of a column; the type of nested tuples has several lines."""
    _, name, rest = text.split("`", 2)
    in_one_line = re.sub(r",\s+", ", ", re.sub(r"\(\s+", "(", rest.strip()))
    return name, _type(in_one_line), _comment(rest)


def _type(text: str) -> str:
    """Returns what stands before the first blank outside of brackets."""
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == " " and depth == 0:
            return text[:position]
    return text


def _comment(text: str) -> str:
    comment = COMMENT.search(text)
    return comment[1].replace("\\'", "'") if comment else ""
