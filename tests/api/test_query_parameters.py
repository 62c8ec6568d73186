"""Every query is given the parameters that its .sql file has: all of them, and no others."""

import ast
from collections.abc import Iterable, Mapping

import pytest

from tests.api.query_parameters import Given, Module, Unreadable, code, given_by, placeholders

DOOR = """
async def list_cases(doors):
    parameters = {"satus": "", **page(10)}
    return await doors.clickhouse.ask("records/cases", parameters)

def page(limit):
    return {"limit": limit}
"""
TOOL = """
FIND = Path(__file__).with_name("find.sql").read_text()

def find(client):
    return _query(client, FIND, topic="", partition=0)

def _query(client, query, **more):
    return client.query(query, parameters={"offset": 0, **more})
"""
TWIN = """
async def stays(doors, known_at):
    name, parameters = as_known("tracing/stays", {"earliest": 0, "latest": 1}, known_at)
    return await doors.ask_people(name, parameters, [])
"""
NOT_READABLE = """
async def list_cases(doors):
    return await doors.ask("records/cases", dict(zip(NAMES, VALUES)))
"""


def module(text: str, path: str = "api/records/cases.py") -> Module:
    return Module(path, ast.parse(text))


def names_of(text: str, path: str = "api/records/cases.py") -> dict[str, list[str]]:
    return {given.query: sorted(given.names) for given in given_by([module(text, path)])}


def test_every_query_is_given_the_parameters_of_its_file() -> None:
    trouble = misfits(given_by(code()), placeholders())
    assert not trouble, "\n".join(trouble)


def test_every_file_with_parameters_is_asked_where_a_test_can_read_it() -> None:
    read = {given.query for given in given_by(code())}
    assert [name for name, has in placeholders().items() if has and name not in read] == []


def test_a_misspelt_parameter_is_named_with_its_file() -> None:
    files = {"api/records/cases.sql": frozenset({"status", "limit"})}
    assert misfits(given_by([module(DOOR)]), files) == [
        "api/records/cases.sql has status, which api/records/cases.py:4 does not give",
        "api/records/cases.sql has no satus, which api/records/cases.py:4 gives",
    ]


def test_a_placeholder_that_is_misspelt_in_the_file_is_named() -> None:
    files = {"api/records/cases.sql": frozenset({"satus", "limits"})}
    assert misfits(given_by([module(DOOR)]), files) == [
        "api/records/cases.sql has limits, which api/records/cases.py:4 does not give",
        "api/records/cases.sql has no limit, which api/records/cases.py:4 gives",
    ]


def test_parameters_are_read_through_the_functions_that_pass_them_on() -> None:
    found = names_of(TOOL, "infra/tools/letters/find.py")
    assert found == {"infra/tools/letters/find.sql": ["offset", "partition", "topic"]}


def test_the_twin_of_a_query_is_given_the_instant_too() -> None:
    assert names_of(TWIN) == {
        "api/tracing/stays.sql": ["earliest", "latest"],
        "api/tracing/stays_as_known.sql": ["earliest", "known_at", "latest"],
    }


def test_parameters_that_no_test_can_read_are_named() -> None:
    with pytest.raises(Unreadable, match=r"^api/records/cases.py:3: cannot read the parameters"):
        given_by([module(NOT_READABLE)])


def misfits(given: Iterable[Given], files: Mapping[str, frozenset[str]]) -> list[str]:
    """Returns each parameter that a query lacks, and each that its file does not have."""
    trouble = []
    for call in given:
        has = files.get(call.query, frozenset())
        lacking, needless = sorted(has - call.names), sorted(call.names - has)
        trouble += [
            f"{call.query} has {name}, which {call.place} does not give" for name in lacking
        ]
        trouble += [f"{call.query} has no {name}, which {call.place} gives" for name in needless]
    return trouble
