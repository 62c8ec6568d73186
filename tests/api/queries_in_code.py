"""The queries that the doors name in their code, read from the code itself.

A query is named by the path of its .sql file below `api/`, without the ending:
`records/cases`. What is named is found by the syntax tree, so that a test can hold it against the
files, and a file against the schema.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.backends.clickhouse import SQL

QUERY = re.compile(r"[a-z_]+/[a-z_]+")
MEDIA_TYPES = ("application/", "text/", "image/")
ASKING = ("ask", "ask_with", "ask_people")
AS_KNOWN = "as_known"
"""The function that asks `<name>_as_known` in place of `<name>` for an earlier state of things."""
PEOPLE = ("people", "person_id FixedString(32)")
"""The temporary table of `ask_people`, and its structure."""
QUERY_NUMBER = "query_number UInt32"
"""The column that batched queries put in front of a temporary table."""


@dataclass(frozen=True, slots=True)
class TemporaryTable:
    name: str
    structure: str


def files() -> set[str]:
    """Returns the names of all .sql files of the doors."""
    return {path.relative_to(SQL).with_suffix("").as_posix() for path in SQL.rglob("*.sql")}


def modules() -> list[ast.Module]:
    return [parse(path) for path in sorted(SQL.rglob("*.py"))]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(tree: ast.AST) -> set[str]:
    """Returns the queries that a piece of code names."""
    names = set[str]()
    for node in ast.walk(tree):
        text = text_in(node)
        if QUERY.fullmatch(text) and not text.startswith(MEDIA_TYPES):
            names.add(text)
        if isinstance(node, ast.Call) and called(node) == AS_KNOWN:
            names.add(f"{text_in(node.args[0])}_{AS_KNOWN}")
    return names


def put_together(tree: ast.AST) -> list[str]:
    """Returns the places that ask by a name which no test can read: an expression, or no path."""
    places = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) not in ASKING or not node.args:
            continue
        name = node.args[0]
        if isinstance(name, ast.Name | ast.Attribute) or QUERY.fullmatch(text_in(name)):
            continue
        if called(node) == "ask" and len(node.args) == 1:
            continue  # a replay is asked for in one argument; a query has parameters too
        places.append(f"line {node.lineno}: {ast.unparse(name)}")
    return places


def temporary_tables() -> dict[str, TemporaryTable]:
    """Returns the temporary table that each query expects, by the query's name.

    A function that asks with a table names the query, the table and its structure.
    """
    tables = dict[str, TemporaryTable]()
    for module in modules():
        constants = _constants(module)
        for function in _functions(module):
            known = constants | _constants(function)
            for call in _calls(function, "ask_with"):
                table, structure = (text_in(argument) for argument in call.args[2:4])
                structure = structure or known.get(ast.unparse(call.args[3]), "")
                if not structure:
                    continue  # it passes on what its caller asks
                for query in named(function):
                    tables[query] = TemporaryTable(table, structure)
    return tables


def _functions(module: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _calls(tree: ast.AST, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) == function:
            yield node


def _constants(tree: ast.AST) -> dict[str, str]:
    """Returns the texts that are given a name in a piece of code."""
    constants = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and text_in(node.value):
            constants[ast.unparse(node.targets[0])] = text_in(node.value)
    return constants


def called(call: ast.Call) -> str:
    """Returns the name of the function, or of the method, that is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def text_in(node: ast.AST) -> str:
    """Returns the text that a piece of code is; empty where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""
