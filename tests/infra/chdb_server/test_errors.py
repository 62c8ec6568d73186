"""Errors as ClickHouse's clients expect them."""

import pytest

from infra.chdb_server.errors import from_engine, refusal


def test_the_engines_exception_keeps_its_code_and_loses_the_librarys_own_words() -> None:
    error = from_engine(
        RuntimeError(
            "Insert failed: Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE)"
        )
    )
    assert (error.code, error.status) == (60, 404)
    assert (
        error.body("26.9").decode()
        == "Code: 60. DB::Exception: Table t does not exist. (UNKNOWN_TABLE) (version 26.9)\n"
    )


def test_a_message_that_names_its_version_gets_no_second_one() -> None:
    message = (
        "Code: 33. DB::Exception: Cannot read all data. (CANNOT_READ_ALL_DATA) (version 26.9.2.1)"
    )
    assert from_engine(RuntimeError(message)).body("26.9.2.1").decode() == message + "\n"


def test_words_that_are_no_exception_of_the_engine_are_an_unknown_one() -> None:
    assert from_engine(RuntimeError("Connection closed")).code == 1002


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("SYNTAX_ERROR", 400),
        ("AUTHENTICATION_FAILED", 403),
        ("SESSION_NOT_FOUND", 404),
        ("READONLY", 500),
        ("NOT_IMPLEMENTED", 501),
    ],
)
def test_the_status_follows_the_code(name: str, status: int) -> None:
    assert refusal(name, "No").status == status
