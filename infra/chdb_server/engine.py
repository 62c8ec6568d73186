"""Wraps chDB: one engine in this process, and connections to it.

Connections share tables, but neither settings nor database.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import chdb

# `chdb.connect` would load pandas and pyarrow, 100 MB that this process has no use for.
from chdb import _chdb

from infra.chdb_server.accounts import Role
from infra.chdb_server.config import write_config
from infra.chdb_server.errors import from_engine
from infra.chdb_server.tokens import tokens

SET_UP: dict[Role, str] = {
    "writer": "SET ROLE writer",
    "reader": "SET profile = 'reader'; SET ROLE reader; SET readonly = 2",
}


TAB_SEPARATED_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"}
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a statement. `body` is empty where the rows went elsewhere."""

    body: bytes = b""
    result_rows: int = 0
    result_bytes: int = 0
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0


class Engine:
    """The engine of one data directory. The process can have only one."""

    def __init__(self, directory: Path) -> None:
        (directory / "data").mkdir(parents=True, exist_ok=True)
        write_config(directory.resolve() / "config")
        # chDB reads a path's spaces and % as parts of an address, so it gets relative names only.
        os.chdir(directory)
        self.address = "data?config-file=config/config.xml"
        self.anchor = self.connect("writer")
        self.version: str = chdb.engine_version
        self.timezone = self.anchor.text("SELECT timezone()")
        self.lock = threading.Lock()

    def connect(self, role: Role) -> "Connection":
        connection = Connection(_chdb.connect(self.address))  # type: ignore[attr-defined] # its stub leaves it out
        connection.run(SET_UP[role])
        return connection

    def control(self, sql: str, params: Mapping[str, str] | None = None) -> str:
        """Runs a query of this server's own, on a connection that no client has."""
        with self.lock:
            return self.anchor.text(sql, params)

    def cancel(self, mark: str) -> None:
        """Ends the running query that `Connection.set` gave this `log_comment`."""
        kill = "KILL QUERY WHERE Settings['log_comment'] = {mark:String} ASYNC"
        self.control(kill, {"mark": escaped(mark)})

    def cancel_all(self) -> None:
        self.control("KILL QUERY WHERE Settings['log_comment'] != '' ASYNC")

    def close(self) -> None:
        self.anchor.close()


class Connection:
    """One session with the engine. Used by one thread at a time."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    def run(
        self, sql: str | bytes, output: str = "Null", params: Mapping[str, str] | None = None
    ) -> Outcome:
        with _engine_errors():
            result = self.handle.query(sql, output, params=dict(params or {}))
        return _outcome(result, result.bytes())

    def text(self, sql: str, params: Mapping[str, str] | None = None) -> str:
        return self.run(sql, "TabSeparatedRaw", params).body.decode().removesuffix("\n")

    def stream(
        self, sql: bytes, output: str, settings: bytes, params: Mapping[str, str], into: int
    ) -> Outcome:
        """Runs a SELECT.

        The engine itself writes the rows to the descriptor `into`, in any format, as they come.
        """
        target = f"\n INTO OUTFILE '/proc/self/fd/{into}' TRUNCATE FORMAT {output}\n".encode()
        with _engine_errors():
            result = self.handle.query(sql + target + settings, "Null", params=dict(params))
        return _outcome(result, b"")

    def insert(self, sql: bytes, input_format: str, chunks: Iterable[bytes]) -> Outcome:
        """Inserts all rows or, on an error of the engine or of `chunks`, none.

        The data goes through a file. chDB's own interface for data in pieces hides what fails
        behind the parser (a constraint, a view, a full disk), and drops the rows.
        """
        with TemporaryFile(dir=".") as data:
            for chunk in chunks:
                data.write(chunk)
            data.flush()
            target, settings = _before_settings(sql)
            source = f"\n FROM INFILE '/proc/self/fd/{data.fileno()}' ".encode()
            return self.run(target + source + settings + f"\n FORMAT {input_format}".encode())

    def set(self, settings: Mapping[str, str]) -> None:
        if not settings:
            return
        changes = [f"{identifier(name)} = {literal(value)}" for name, value in settings.items()]
        self.run(f"SET {', '.join(changes)}")

    def use(self, database: str) -> None:
        self.run(f"USE {identifier(database)}")

    def close(self) -> None:
        self.handle.close()


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise from_engine(error) from error


def _before_settings(sql: bytes) -> tuple[bytes, bytes]:
    """Returns the head of an INSERT without its SETTINGS clause, and that clause.

    The clause has to stand behind the place where the data comes from.
    """
    for before, word in pairwise(tokens(sql)):
        is_name = word.depth or before.word in {b"INTO", b"TABLE", b"."}
        if word.word == b"SETTINGS" and not is_name:
            return sql[: word.start], sql[word.start :]
    return sql, b""


def _outcome(result: Any, body: bytes) -> Outcome:
    return Outcome(
        body=body,
        result_rows=result.rows_read(),
        result_bytes=result.bytes_read(),
        read_rows=result.storage_rows_read(),
        read_bytes=result.storage_bytes_read(),
        written_rows=result.rows_written(),
        written_bytes=result.bytes_written(),
    )


def literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def escaped(value: str) -> str:
    """Returns a value as query parameters want it: in the TabSeparated format's escaping."""
    return value.translate(TAB_SEPARATED_ESCAPES)
