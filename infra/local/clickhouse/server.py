"""The process of the local ClickHouse: opens the data directory, listens, and closes both cleanly on SIGTERM."""

import argparse
import sys
from pathlib import Path

import uvicorn

from infra.local.clickhouse.accounts import accounts_of
from infra.local.clickhouse.app import Application
from infra.local.clickhouse.engine import Engine
from infra.settings import Settings

KEEP_ALIVE_S = 3600
"""Clients keep connections for minutes, and an insert must not meet one that the server has just closed."""


def main() -> None:
    options = arguments()
    spool = options.path / "tmp"
    empty(spool)
    application = Application(Engine(options.path), accounts_of(Settings()), spool)
    try:
        uvicorn.run(
            application,
            host=options.host,
            port=options.port,
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=5,
        )
    finally:
        application.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local.clickhouse", description=sys.modules[__name__].__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", type=Path, required=True, help="directory of the data; made if it is missing")
    return parser.parse_args()


def empty(spool: Path) -> None:
    """Results that a killed server had set aside are nobody's."""
    spool.mkdir(parents=True, exist_ok=True)
    for leftover in spool.iterdir():
        leftover.unlink()
