"""Reads the options that the server is started with.

This module loads no engine, so that the process can be confined first.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

from infra.connections import ConnectionLimits

HEAD_BYTES = (1 << 20) + (1 << 16)
"""Room for headers, and for an address as long as ClickHouse takes.

Query parameters stand in the address.
"""


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    path: Path
    """Absolute directory of the data: the engine changes the directory it runs in."""
    accounts: Path
    limits: ConnectionLimits


def read_options() -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m infra.chdb_server",
        description="Opens the data directory, listens, and closes both on SIGTERM.",
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
    args = parser.parse_args()
    limits = ConnectionLimits(args.connections, HEAD_BYTES, args.head_timeout_s, args.silence_s)
    return Options(args.host, args.port, args.path.resolve(), args.accounts.resolve(), limits)
