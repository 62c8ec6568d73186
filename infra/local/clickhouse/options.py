"""What the server is started with. This module loads no engine, so that the process can be confined first."""

import argparse
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    path: Path
    """The directory of the data, absolute: the engine changes the directory it runs in."""
    accounts: Path


def read_options() -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.clickhouse",
        description="The local ClickHouse: opens the data directory, listens, and closes both on SIGTERM.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", type=Path, required=True, help="directory of the data; made if it is missing")
    parser.add_argument("--accounts", type=Path, required=True, help="file with the SHA-256 of each account's password")
    given = parser.parse_args()
    return Options(given.host, given.port, given.path.resolve(), given.accounts.resolve())
