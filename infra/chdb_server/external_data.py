"""External data: files of a multipart request, which the query sees as temporary tables."""

from collections.abc import Mapping
from contextlib import suppress

from infra.chdb_server.engine import Connection, identifier
from infra.chdb_server.errors import ClickHouseError, refusal
from infra.chdb_server.request import ExternalFile, word


def structure_of(name: str, params: Mapping[str, str]) -> str:
    if structure := params.get(f"{name}_structure"):
        return structure
    if types := params.get(f"{name}_types"):
        return ", ".join(
            f"_{number} {kind}" for number, kind in enumerate(split_types(types), start=1)
        )
    raise refusal(
        "BAD_REQUEST_PARAMETER",
        f"External data '{name}' has neither {name}_structure nor {name}_types",
    )


def split_types(types: str) -> list[str]:
    """`UInt8,Array(Tuple(String, UInt8))` has two types: commas within brackets do not count."""
    pieces, depth = [""], 0
    for char in types:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += char
    return [piece.strip() for piece in pieces]


def creation_of(file: ExternalFile, params: Mapping[str, str]) -> bytes:
    return f"CREATE TEMPORARY TABLE {identifier(file.name)} ({structure_of(file.name, params)})".encode()


def fill(connection: Connection, file: ExternalFile, params: Mapping[str, str]) -> None:
    connection.run(creation_of(file, params))
    fmt = word(params.get(f"{file.name}_format", "TabSeparated"))
    connection.insert(
        f"INSERT INTO {identifier(file.name)}".encode(), fmt, [file.data] if file.data else []
    )


def drop(connection: Connection, file: ExternalFile) -> None:
    with suppress(ClickHouseError):  # a table that was not made, because its data were refused
        connection.run(f"DROP TEMPORARY TABLE {identifier(file.name)}")
