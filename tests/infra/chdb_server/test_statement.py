"""The server reads a statement's kind, format and data before the engine does."""

import pytest

from infra.chdb_server.errors import ClickHouseError
from infra.chdb_server.statement import Kind, insert_head, parse


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (b"SELECT 1", Kind.SELECT),
        (b"  -- a remark\n/* another */ select 1", Kind.SELECT),
        (b"WITH 1 AS x SELECT x", Kind.SELECT),
        (b"(SELECT 1) UNION ALL (SELECT 2)", Kind.SELECT),
        (b"FROM t SELECT a", Kind.SELECT),
        (b"WITH t AS (SELECT 1) INSERT INTO u SELECT * FROM t", Kind.COMMAND),
        (b"INSERT INTO u SELECT * FROM t", Kind.COMMAND),
        (b"SET max_threads = 1", Kind.SESSION),
        (b"use other", Kind.SESSION),
        (b"SHOW TABLES", Kind.ANSWER),
        (b"DESCRIBE TABLE t", Kind.ANSWER),
        (b"CREATE TABLE t (a Int8) ENGINE = Memory", Kind.COMMAND),
    ],
)
def test_a_statement_is_of_the_kind_its_first_words_say(sql: bytes, kind: Kind) -> None:
    assert parse(sql).kind is kind


def test_a_trailing_format_is_taken_off_a_select() -> None:
    statement = parse(b"SELECT 1 FORMAT JSON;")
    assert (statement.sql, statement.format, statement.settings) == (b"SELECT 1 ", "JSON", b"")


def test_settings_behind_the_format_are_kept_apart() -> None:
    statement = parse(b"SELECT 1 FORMAT CSV SETTINGS max_threads = 1")
    assert (statement.format, statement.settings) == ("CSV", b" SETTINGS max_threads = 1")
    assert statement.head.split() == b"SELECT 1 FORMAT CSV SETTINGS max_threads = 1".split()


@pytest.mark.parametrize(
    "sql",
    [
        b"SELECT 1 AS format",
        b"SELECT 'FORMAT JSON'",
        b"SELECT 1 -- FORMAT JSON",
        b"SELECT `FORMAT` FROM (SELECT 1 AS `FORMAT`)",
        b"SELECT * FROM (SELECT 1 FORMAT JSON)",
    ],
)
def test_a_format_that_is_no_clause_is_left_alone(sql: bytes) -> None:
    assert parse(sql).format is None


@pytest.mark.parametrize(
    ("text", "sql", "fmt", "data"),
    [
        (
            b"INSERT INTO t (a) FORMAT Native\n\x01\x02",
            b"INSERT INTO t (a) ",
            "Native",
            b"\x01\x02",
        ),
        (b"insert into t format CSV\n1,2\n", b"insert into t ", "CSV", b"1,2\n"),
        (
            b"INSERT INTO t SETTINGS a = 1 FORMAT TSV 1\t2\n",
            b"INSERT INTO t SETTINGS a = 1 ",
            "TSV",
            b"1\t2\n",
        ),
        (b"INSERT INTO t VALUES (1, 'a')", b"INSERT INTO t ", "Values", b" (1, 'a')"),
        (
            b'INSERT INTO t (`values`, "format") VALUES (1, 2)',
            b'INSERT INTO t (`values`, "format") ',
            "Values",
            b" (1, 2)",
        ),
    ],
)
def test_an_insert_is_cut_where_its_data_begin(
    text: bytes, sql: bytes, fmt: str, data: bytes
) -> None:
    insert = insert_head(text)
    assert insert is not None
    assert (insert.kind, insert.sql, insert.format, insert.data) == (Kind.INSERT, sql, fmt, data)


@pytest.mark.parametrize(
    "sql", [b"INSERT INTO t SELECT 1", b"INSERT INTO t WITH 1 AS x SELECT x", b"SELECT 1", b""]
)
def test_an_insert_without_data_has_no_such_head(sql: bytes) -> None:
    assert insert_head(sql) is None


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        (b"", 62),
        (b" -- nothing", 62),
        (b"SELECT 1; SELECT 2", 62),
        (b"SELECT 1 INTO OUTFILE 'x'", 358),
        (b"SELECT 1 into /* */ outfile 'x' FORMAT CSV", 358),
        (b"SHOW TABLES INTO OUTFILE 'x'", 358),
        (b"INSERT INTO t FROM INFILE 'x' FORMAT CSV", 358),
        (b"INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV\n1", 48),
    ],
)
def test_what_cannot_be_served_is_refused_by_its_code(sql: bytes, code: int) -> None:
    with pytest.raises(ClickHouseError) as refused:
        parse(sql)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "sql", [b"SELECT ';'", b"SELECT 1 -- ;\n", b"SELECT 1 /* ; */", b"SELECT 1;", b"SELECT $$;$$;"]
)
def test_a_semicolon_that_separates_nothing_is_no_second_statement(sql: bytes) -> None:
    assert parse(sql).kind is Kind.SELECT


@pytest.mark.parametrize("text", [b";", b" ; ; ", b"-- nothing\n;"])
def test_nothing_but_an_end_is_an_empty_query(text: bytes) -> None:
    with pytest.raises(ClickHouseError, match="Empty query"):
        parse(text)


def test_a_format_that_is_no_word_is_left_to_the_engine() -> None:
    assert parse(b"INSERT INTO t FORMAT \xff 1").kind is Kind.INSERT
