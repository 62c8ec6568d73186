"""What the reader may ask: rows and the shape of tables, its own temporary tables, nothing that reaches files or the network.

The engine's grants refuse writing. This goes further, on the engine's own rendering of the statement, because some of
its functions read files without asking for a grant, and some statements could change the role.
"""

import re
from functools import lru_cache

from infra.local.clickhouse.engine import Engine, escaped
from infra.local.clickhouse.errors import ClickHouseError, refusal
from infra.local.clickhouse.statement import REMEMBERED_BYTES, Statement

ALLOWED = re.compile(
    r"\(*(SELECT|WITH|FROM|SHOW|DESCRIBE|DESC|EXPLAIN|EXISTS|USE"
    r"|SET(?! ROLE| DEFAULT ROLE)"
    r"|CREATE (OR REPLACE )?TEMPORARY TABLE"
    r"|(DROP|TRUNCATE) (TEMPORARY )?TABLE"
    r"|INSERT INTO(?! (TABLE )?FUNCTION))\b"
)
CHANGES_ROLE = re.compile(r"\b(PARALLEL WITH|SET (DEFAULT )?ROLE|EXECUTE AS)\b")
QUOTED = re.compile(r"'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.|``)*`", re.DOTALL)
CALL = re.compile(r"(\w+)\s*\(|\bAPPLY\W+(\w+)")
PYTHON = re.compile(rb"\bpython\W*\(", re.IGNORECASE)

TABLE_FUNCTIONS_ALLOWED = {
    *("format", "generaterandom", "generateseries", "generate_series", "input", "loop", "merge", "null", "numbers"),
    *("numbers_mt", "primes", "sqlstandardvalues", "values", "view", "viewexplain", "viewifpermitted", "zeros", "zeros_mt"),
}
FUNCTIONS_FORBIDDEN = {"file", "python", "catboostevaluate"}


OWN_SCOPE = re.compile(r": In scope SELECT formatQuerySingleLine\(.*\)(?=\. \([A-Z_]+\))", re.DOTALL)


class Policy:
    """Knows the engine's table functions; everything it does not name as harmless is refused."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        listed = engine.control("SELECT arrayStringConcat(groupUniqArray(lower(name)), ',') FROM system.table_functions")
        self.forbidden = (set(listed.split(",")) - TABLE_FUNCTIONS_ALLOWED) | FUNCTIONS_FORBIDDEN
        self.remembered = lru_cache(maxsize=512)(self.refuse_unless_harmless)

    @staticmethod
    def refuse_code(statement: Statement) -> None:
        """For every account: objects of this server's own program are no tables."""
        if PYTHON.search(statement.sql):
            raise refusal("UNKNOWN_FUNCTION", "Unknown table function python")

    def check(self, statement: Statement) -> None:
        """Raises ClickHouseError for a statement that the reader may not run."""
        short = len(statement.head) <= REMEMBERED_BYTES
        (self.remembered if short else self.refuse_unless_harmless)(statement.head)

    def refuse_unless_harmless(self, sql: bytes) -> None:
        rendered = QUOTED.sub(without_content, self.rendering(sql))
        if ALLOWED.match(rendered) is None or CHANGES_ROLE.search(rendered):
            raise refusal("READONLY", "reader: Cannot execute query in readonly mode")
        called = {(match[1] or match[2]).lower() for match in CALL.finditer(rendered)}
        if found := called & self.forbidden:
            raise refusal("ACCESS_DENIED", f"reader: Not enough privileges. {', '.join(sorted(found))} is not for this account")

    def rendering(self, sql: bytes) -> str:
        """The statement as the engine understood it: without comments, names in their plain form."""
        text = escaped(sql.decode(errors="surrogateescape"))
        try:
            return self.engine.control("SELECT formatQuerySingleLine({sql:String})", {"sql": text})
        except ClickHouseError as error:
            raise ClickHouseError(error.code, OWN_SCOPE.sub("", str(error))) from None


def without_content(quoted: re.Match[str]) -> str:
    """A string says nothing here; a quoted name stays, as one word."""
    return "''" if quoted[0][0] == "'" else re.sub(r"\W", "_", quoted[0][1:-1])
