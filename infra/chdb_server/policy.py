"""Decides what the reader may run.

It may read rows and the shape of tables, and use its own temporary tables. It reaches no file and
no network. The engine's grants refuse writing; this goes further, on the engine's own rendering of
the statement. Some functions read files without a grant, and some statements could change the role.

A function counts wherever its name stands, for the engine takes a bare name as a lambda:
`arrayMap(file, ...)`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from infra.chdb_server.engine import Engine, escaped
from infra.chdb_server.errors import ClickHouseError, refusal
from infra.chdb_server.functions import Function, refused_names
from infra.chdb_server.statement import REMEMBERED_BYTES, Kind, Statement

ALLOWED = re.compile(
    r"\(*(SELECT|WITH|FROM|SHOW|DESCRIBE|DESC|EXPLAIN|EXISTS|USE"
    r"|SET(?! ROLE| DEFAULT ROLE)"
    r"|CREATE (OR REPLACE )?TEMPORARY TABLE"
    r"|(DROP|TRUNCATE) (TEMPORARY )?TABLE"
    r"|INSERT INTO(?! (TABLE )?FUNCTION))\b"
)
CHANGES_ROLE = re.compile(r"\b(PARALLEL WITH|SET (DEFAULT )?ROLE|EXECUTE AS)\b")
QUOTED = re.compile(r"'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.|``)*`", re.DOTALL)
NAME = re.compile(r"(?<![.\w])(?<!\bAS )[A-Za-z_]\w*")
"""Pattern of a name that may refer to a function.

A column of a table (`t.file`) may not, nor an alias where it is defined.
"""
CALL = re.compile(r"(\w+)\s*\(")
NAME_BY_PARAMETER = re.compile(r"\{\s*\w+\s*:\s*Identifier\s*\}")
PARAMETER_SET = re.compile(r"\bparam_\w+ = '((?:[^'\\]|\\.|'')*)'")
PYTHON = re.compile(rb"\bpython\W*\(", re.IGNORECASE)

TABLE_FUNCTIONS_ALLOWED = {
    *("format", "generaterandom", "generateseries", "generate_series", "input", "loop", "merge"),
    *("null", "numbers", "numbers_mt", "primes", "sqlstandardvalues", "values", "view"),
    *("viewexplain", "viewifpermitted", "zeros", "zeros_mt"),
}
LIST_FUNCTIONS = (
    "SELECT name, categories, is_aggregate, alias_to FROM system.functions FORMAT TabSeparated"
)
LIST_TABLE_FUNCTIONS = (
    "SELECT arrayStringConcat(groupUniqArray(lower(name)), ',') FROM system.table_functions"
)

OWN_SCOPE = re.compile(
    r": In scope SELECT formatQuerySingleLine\(.*\)(?=\. \([A-Z_]+\))", re.DOTALL
)
"""The engine adds this to errors of the policy's own query; a client must not see it."""


class Policy:
    """Knows the engine's functions and table functions.

    Everything that is not listed as harmless is refused.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        table_functions = engine.control(LIST_TABLE_FUNCTIONS).split(",")
        self.table_functions_refused = set(table_functions) - TABLE_FUNCTIONS_ALLOWED
        self.functions_refused = refused_names(_functions_of(engine))
        self.remembered = lru_cache(maxsize=512)(self._refuse_unless_harmless)

    @staticmethod
    def refuse_code(statement: Statement) -> None:
        """Raises ClickHouseError, for every account, where a table is an object of this program."""
        if PYTHON.search(statement.sql):
            raise refusal("UNKNOWN_FUNCTION", "Unknown table function python")

    def check(self, statement: Statement, binds: Mapping[str, str]) -> None:
        """Raises ClickHouseError if the reader may not run this with these query parameters."""
        is_short = len(statement.head) <= REMEMBERED_BYTES
        look = self.remembered if is_short else self._refuse_unless_harmless
        takes_names = look(statement.head)
        # An insert leaves its parameters in the session.
        if takes_names or statement.kind is Kind.INSERT:
            self._refuse_names(value.strip('`" ').lower() for value in binds.values())

    def _refuse_unless_harmless(self, sql: bytes) -> bool:
        """Returns whether a query parameter can stand for a name in the statement.

        Raises ClickHouseError where the statement is not for the reader.
        """
        text = self._rendering(sql)
        rendered = QUOTED.sub(_without_content, text)
        if ALLOWED.match(rendered) is None or CHANGES_ROLE.search(rendered):
            raise refusal("READONLY", "reader: Cannot execute query in readonly mode")
        self._refuse_names(name.lower() for name in NAME.findall(rendered))
        self._refuse_names(value.lower() for value in PARAMETER_SET.findall(text))
        calls = {name.lower() for name in CALL.findall(rendered)}
        self._refuse(calls & (self.table_functions_refused | self.functions_refused))
        return NAME_BY_PARAMETER.search(rendered) is not None

    def _refuse_names(self, names: Iterable[str]) -> None:
        self._refuse(self.functions_refused.intersection(names))

    @staticmethod
    def _refuse(names: set[str]) -> None:
        if names:
            listed = ", ".join(sorted(names))
            raise refusal(
                "ACCESS_DENIED", f"reader: Not enough privileges. {listed} is not for this account"
            )

    def _rendering(self, sql: bytes) -> str:
        """Returns the statement as the engine understood it.

        The rendering has no comments, and names stand in their plain form.
        """
        text = escaped(sql.decode(errors="surrogateescape"))
        try:
            return self.engine.control("SELECT formatQuerySingleLine({sql:String})", {"sql": text})
        except ClickHouseError as error:
            raise ClickHouseError(error.code, OWN_SCOPE.sub("", str(error))) from None


def _without_content(quoted: re.Match[str]) -> str:
    """Empties a string, and keeps a quoted name as one word."""
    return "''" if quoted[0][0] == "'" else re.sub(r"\W", "_", quoted[0][1:-1])


def _functions_of(engine: Engine) -> Iterator[Function]:
    for row in engine.control(LIST_FUNCTIONS).splitlines():
        name, category, is_aggregate, alias_to = row.split("\t")
        yield Function(name, category, is_aggregate == "1", alias_to)
