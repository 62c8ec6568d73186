"""Every query that the doors name has its .sql file, and every .sql file is named."""

import ast

from tests.api.queries_in_code import files, modules, named, put_together

MISSPELT = """
async def list_cases(doors):
    media_type = "application/json"
    name, parameters = as_known("records/cases", {})
    return await doors.clickhouse.ask("records/caes", {}), await doors.clickhouse.ask(name, {})
"""
PUT_TOGETHER = """
async def list_records(doors, kind):
    return await doors.clickhouse.ask_people(f"records/{kind}", {}, [])
"""


def named_in_code() -> set[str]:
    return set().union(*(named(module) for module in modules()))


def test_every_query_that_is_named_has_its_file() -> None:
    assert named_in_code() - files() == set()


def test_every_sql_file_is_named() -> None:
    assert files() - named_in_code() == set()


def test_every_query_is_named_where_a_test_can_read_it() -> None:
    assert [place for module in modules() for place in put_together(module)] == []


def test_the_guard_of_query_names_bites() -> None:
    misspelt = named(ast.parse(MISSPELT)) - files()
    assert misspelt == {"records/caes", "records/cases_as_known"}


def test_the_guard_of_names_put_together_bites() -> None:
    assert put_together(ast.parse(PUT_TOGETHER)) == ["line 3: f'records/{kind}'"]
