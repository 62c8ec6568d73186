"""Turns the files of a multipart request into temporary tables, which the query can read."""

from collections.abc import Mapping
from contextlib import suppress

from infra.chdb_server.engine import Connection, identifier
from infra.chdb_server.errors import ClickHouseError, refusal
from infra.chdb_server.request import ExternalFile, word


def structure_of(name: str, params: Mapping[str, str]) -> str:
    """Returns the columns of a table as the request describes them. Raises ClickHouseError."""
    if structure := params.get(f"{name}_structure"):
        return structure
    if types := params.get(f"{name}_types"):
        columns = [f"_{number} {kind}" for number, kind in enumerate(split_types(types), start=1)]
        return ", ".join(columns)
    raise refusal(
        "BAD_REQUEST_PARAMETER",
        f"External data '{name}' has neither {name}_structure nor {name}_types",
    )


def split_types(types: str) -> list[str]:
    """Splits a list of types: `UInt8,Array(Tuple(String, UInt8))` has two.

    Commas within brackets do not count.
    """
    pieces = [""]
    depth = 0
    for char in types:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += char
    return [piece.strip() for piece in pieces]


def creation_of(file: ExternalFile, params: Mapping[str, str]) -> bytes:
    structure = structure_of(file.name, params)
    return f"CREATE TEMPORARY TABLE {identifier(file.name)} ({structure})".encode()


def fill(connection: Connection, file: ExternalFile, params: Mapping[str, str]) -> None:
    connection.run(creation_of(file, params))
    file_format = word(params.get(f"{file.name}_format", "TabSeparated"))
    chunks = [file.data] if file.data else []
    connection.insert(f"INSERT INTO {identifier(file.name)}".encode(), file_format, chunks)


def drop(connection: Connection, file: ExternalFile) -> None:
    with suppress(ClickHouseError):  # a table that was not made, because its data were refused
        connection.run(f"DROP TEMPORARY TABLE {identifier(file.name)}")
