"""What the server is started with. This module loads no engine, so that the process can be confined first."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from infra.connections import ConnectionLimits

HEAD_BYTES = (1 << 20) + (1 << 16)
"""Room for an address as long as ClickHouse takes, since query parameters stand in it, and for headers."""


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    path: Path
    """The directory of the data, absolute: the engine changes the directory it runs in."""
    accounts: Path
    limits: ConnectionLimits


def read_options() -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m infra.chdb_server",
        description="The local ClickHouse: opens the data directory, listens, and closes both on SIGTERM.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--path", type=Path, required=True, help="directory of the data; made if it is missing"
    )
    parser.add_argument(
        "--accounts",
        type=Path,
        required=True,
        help="file with the SHA-256 of each account's password",
    )
    parser.add_argument(
        "--connections", type=int, default=4_000, help="how many clients may be connected"
    )
    parser.add_argument(
        "--head-timeout-s", type=float, default=20.0, help="how long a request's headers may take"
    )
    parser.add_argument(
        "--silence-s", type=float, default=30.0, help="how long a client may send and take nothing"
    )
    given = parser.parse_args()
    limits = ConnectionLimits(given.connections, HEAD_BYTES, given.head_timeout_s, given.silence_s)
    return Options(given.host, given.port, given.path.resolve(), given.accounts.resolve(), limits)
