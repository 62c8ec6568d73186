"""What the reader may ask: rows and the shape of tables, its own temporary tables, nothing that reaches files or the network.

The engine's grants refuse writing. This goes further, on the engine's own rendering of the statement, because some of
its functions read files without asking for a grant, and some statements could change the role. A function counts wherever
its name stands, for the engine takes a bare name as a lambda: `arrayMap(file, ...)`.
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
"""A name that may refer to a function: no column of a table (`t.file`), and no alias where it is given."""
CALL = re.compile(r"(\w+)\s*\(")
NAME_BY_PARAMETER = re.compile(r"\{\s*\w+\s*:\s*Identifier\s*\}")
PARAMETER_SET = re.compile(r"\bparam_\w+ = '((?:[^'\\]|\\.|'')*)'")
PYTHON = re.compile(rb"\bpython\W*\(", re.IGNORECASE)

TABLE_FUNCTIONS_ALLOWED = {
    *(
        "format",
        "generaterandom",
        "generateseries",
        "generate_series",
        "input",
        "loop",
        "merge",
        "null",
        "numbers",
    ),
    *(
        "numbers_mt",
        "primes",
        "sqlstandardvalues",
        "values",
        "view",
        "viewexplain",
        "viewifpermitted",
        "zeros",
        "zeros_mt",
    ),
}
FUNCTIONS_LISTED = (
    "SELECT name, categories, is_aggregate, alias_to FROM system.functions FORMAT TabSeparated"
)

OWN_SCOPE = re.compile(
    r": In scope SELECT formatQuerySingleLine\(.*\)(?=\. \([A-Z_]+\))", re.DOTALL
)


class Policy:
    """Knows the engine's functions and table functions; everything that is not listed as harmless is refused."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        listed = engine.control(
            "SELECT arrayStringConcat(groupUniqArray(lower(name)), ',') FROM system.table_functions"
        )
        self.table_functions_refused = set(listed.split(",")) - TABLE_FUNCTIONS_ALLOWED
        self.functions_refused = refused_names(_functions_of(engine))
        self.remembered = lru_cache(maxsize=512)(self._refuse_unless_harmless)

    @staticmethod
    def refuse_code(statement: Statement) -> None:
        """For every account: objects of this server's own program are no tables."""
        if PYTHON.search(statement.sql):
            raise refusal("UNKNOWN_FUNCTION", "Unknown table function python")

    def check(self, statement: Statement, binds: Mapping[str, str]) -> None:
        """Raises ClickHouseError for a statement that the reader may not run with these query parameters."""
        short = len(statement.head) <= REMEMBERED_BYTES
        takes_names = (self.remembered if short else self._refuse_unless_harmless)(statement.head)
        if (
            takes_names or statement.kind is Kind.INSERT
        ):  # an insert leaves its parameters in the session
            self._refuse_names(value.strip('`" ').lower() for value in binds.values())

    def _refuse_unless_harmless(self, sql: bytes) -> bool:
        """Returns whether a query parameter can stand for a name in the statement."""
        text = self._rendering(sql)
        rendered = QUOTED.sub(_without_content, text)
        if ALLOWED.match(rendered) is None or CHANGES_ROLE.search(rendered):
            raise refusal("READONLY", "reader: Cannot execute query in readonly mode")
        self._refuse_names(name.lower() for name in NAME.findall(rendered))
        self._refuse_names(value.lower() for value in PARAMETER_SET.findall(text))
        called = {name.lower() for name in CALL.findall(rendered)}
        self._refuse(called & (self.table_functions_refused | self.functions_refused))
        return NAME_BY_PARAMETER.search(rendered) is not None

    def _refuse_names(self, names: Iterable[str]) -> None:
        self._refuse(self.functions_refused.intersection(names))

    @staticmethod
    def _refuse(found: set[str]) -> None:
        if found:
            raise refusal(
                "ACCESS_DENIED",
                f"reader: Not enough privileges. {', '.join(sorted(found))} is not for this account",
            )

    def _rendering(self, sql: bytes) -> str:
        """The statement as the engine understood it: without comments, names in their plain form."""
        text = escaped(sql.decode(errors="surrogateescape"))
        try:
            return self.engine.control("SELECT formatQuerySingleLine({sql:String})", {"sql": text})
        except ClickHouseError as error:
            raise ClickHouseError(error.code, OWN_SCOPE.sub("", str(error))) from None


def _without_content(quoted: re.Match[str]) -> str:
    """A string says nothing here; a quoted name stays, as one word."""
    return "''" if quoted[0][0] == "'" else re.sub(r"\W", "_", quoted[0][1:-1])


def _functions_of(engine: Engine) -> Iterator[Function]:
    for row in engine.control(FUNCTIONS_LISTED).splitlines():
        name, category, is_aggregate, alias_to = row.split("\t")
        yield Function(name, category, is_aggregate == "1", alias_to)
