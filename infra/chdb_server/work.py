"""Does the part of a request that waits for the engine, on a worker thread.

It leads from the body's bytes to the statement's outcome.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from infra.chdb_server import external_data
from infra.chdb_server.accounts import Account
from infra.chdb_server.bodies import at_most, decoded
from infra.chdb_server.engine import Connection, Outcome, literal
from infra.chdb_server.errors import ClientGoneError, refusal
from infra.chdb_server.policy import Policy
from infra.chdb_server.request import Request
from infra.chdb_server.sessions import Session
from infra.chdb_server.statement import Kind, Statement, insert_head, parse
from infra.chdb_server.tokens import tokens

HEAD_BYTES = 256 * 1024
MAX_TEXT_BYTES = 1024 * 1024
"""Largest length of a statement without its data.

The engine itself takes a quarter of that length, unless a setting says otherwise.
"""
MAX_FORM_BYTES = 256 * 1024 * 1024
QUERY_ID = re.compile(rb"\bquery_id\b", re.IGNORECASE)
WRITES_NOTHING = {Kind.SELECT, Kind.SESSION, Kind.ANSWER}


@dataclass(slots=True)
class Work:
    """One request on its way."""

    request: Request
    account: Account
    session: Session
    body: Iterator[bytes]
    into: int = -1
    """Writing end of the pipe that carries the result; the worker closes it."""
    format: str | None = None
    """The result's format is known before its first byte; None for a statement without a result."""
    abandoned: bool = False
    """True once the client has left."""
    unchanged: bool = False
    """True if the statement ended well and can have left no trace in its connection."""


def perform(work: Work, policy: Policy) -> Outcome:
    """Returns the outcome when the result is in the pipe.

    Raises ClickHouseError, and ClientGoneError when the client has left.
    """
    try:
        if work.abandoned:
            raise ClientGoneError
        statement, data = read_statement(work.request, work.body)
        _check(work, statement, policy)
        connection = _connect(work, statement)
        outcome = _dispatch(work, connection, statement, data)
        if statement.kind is Kind.SESSION:
            work.session.changed_itself()
        work.unchanged = _leaves_no_trace(work, statement)
        return outcome
    finally:
        os.close(work.into)


def read_statement(request: Request, body: Iterator[bytes]) -> tuple[Statement, Iterator[bytes]]:
    """Returns the statement, and the data of an INSERT as far as they have not come yet."""
    chunks = decoded(body, request.headers.get("content-encoding", "").lower())
    if request.is_multipart:
        request.take_form(at_most(MAX_FORM_BYTES, chunks, "The form"))
        chunks = iter(())
    query = request.params.get("query", "").encode(errors="surrogateescape")
    text = _gather(query + b"\n" if query else b"", chunks, HEAD_BYTES)
    if request.may_be_urlencoded and request.take_urlencoded(text):
        query = request.params.get("query", "").encode(errors="surrogateescape")
        return parse(query), iter(())
    if statement := insert_head(text):
        return statement, chain([statement.data] if statement.data else [], chunks)
    whole = at_most(MAX_TEXT_BYTES, chain([text], chunks), "The statement")
    return parse(whole), iter(())


def _gather(start: bytes, chunks: Iterator[bytes], at_least: int) -> bytes:
    """Returns `start` with chunks up to `at_least` bytes, or all there are."""
    pieces = [start]
    size = len(start)
    while size < at_least:
        chunk = next(chunks, None)
        if chunk is None:
            break
        pieces.append(chunk)
        size += len(chunk)
    return b"".join(pieces)


def _check(work: Work, statement: Statement, policy: Policy) -> None:
    if work.request.method in {"GET", "HEAD"} and statement.kind not in WRITES_NOTHING:
        raise refusal(
            "READONLY",
            "Cannot execute query in readonly mode. "
            "For queries over HTTP, method GET implies readonly",
        )
    policy.refuse_code(statement)
    if work.account.role != "reader":
        return
    policy.check(statement, work.request.binds())
    for file in work.request.files:
        creation = external_data.creation_of(file, work.request.params)
        policy.check(Statement(Kind.COMMAND, creation), {})


def _connect(work: Work, statement: Statement) -> Connection:
    """Returns the connection with the request's settings and database in force.

    SET and USE must see the session's own.
    """
    if statement.kind is Kind.SESSION:
        return work.session.prepare({}, None)
    settings = {**work.request.settings(), "log_comment": work.request.query_id}
    return work.session.prepare(settings, work.request.database)


def _leaves_no_trace(work: Work, statement: Statement) -> bool:
    if statement.kind is Kind.INSERT:
        return not work.request.binds()
    return statement.kind in {Kind.SELECT, Kind.ANSWER}


def _dispatch(
    work: Work, connection: Connection, statement: Statement, data: Iterator[bytes]
) -> Outcome:
    files = work.request.files
    try:
        for file in files:
            external_data.fill(connection, file, work.request.params)
        return _run(work, connection, statement, data)
    finally:
        for file in files:
            external_data.drop(connection, file)


def _run(
    work: Work, connection: Connection, statement: Statement, data: Iterator[bytes]
) -> Outcome:
    binds = work.request.binds()
    if statement.kind is Kind.INSERT:
        for name, value in binds.items():
            connection.run(f"SET param_{name} = {literal(value)}")
        return connection.insert(statement.sql, statement.format or "Values", data)
    output = statement.format or work.request.default_format
    if statement.kind is Kind.SELECT:
        work.format = output
        return connection.stream(statement.sql, output, statement.settings, binds, work.into)
    work.format = output if statement.kind is Kind.ANSWER else None
    outcome = connection.run(_by_given_id(statement.sql), output, binds)
    _write_all(work.into, outcome.body)
    return outcome


def _by_given_id(sql: bytes) -> bytes:
    """Rewrites a KILL so that it finds a query by the id that its client gave.

    The engine numbers its queries itself, and knows the client's id as the query's comment.
    """
    is_kill = next(tokens(sql)).word == b"KILL"
    return QUERY_ID.sub(b"Settings['log_comment']", sql) if is_kill else sql


def _write_all(descriptor: int, body: bytes) -> None:
    rest = memoryview(body)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
