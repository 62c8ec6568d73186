"""Runs the server: opens the data directory, listens, and closes both cleanly on SIGTERM."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvicorn

from infra.chdb_server.accounts import Account
from infra.chdb_server.app import Application
from infra.chdb_server.engine import Engine
from infra.chdb_server.errors import ClickHouseError
from infra.chdb_server.options import Options
from infra.connections import server_options

KEEP_ALIVE_S = 3600
"""Clients hold connections open for minutes.

An insert must not go into one that the server has just closed.
"""
GRACE_S = 3
CUT_ON_PURPOSE = "ASGI callable returned without completing response."
"""uvicorn reports so a result that ends with an error.

Its connection is cut, so that no client takes the result for whole.
"""


def serve(options: Options, accounts: Mapping[str, Account]) -> None:
    """Returns when the process is told to end, after all is closed."""
    # uvicorn replaces this handler and, when it has ended, raises the signal again.
    signal.signal(signal.SIGTERM, _leave)
    listener = _listen(options.host, options.port)
    # The bounds come first: the engine opens files for each of its threads and parts of tables.
    client_bounds = server_options(options.limits)
    application = Application(_open_engine(options.path), accounts, _empty_spool(options.path))
    try:
        uvicorn.Server(_config(application, client_bounds)).run(sockets=[listener])
    finally:
        if not application.close():
            # A query that cannot be ended must not keep the process; what is written is safe.
            os._exit(1)


def _config(application: Application, client_bounds: dict[str, Any]) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: record.getMessage() != CUT_ON_PURPOSE
    )
    return uvicorn.Config(
        application,
        log_level="error",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        **client_bounds,
    )


def _leave(*_: object) -> None:
    sys.exit(0)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=256)
    except OSError as error:
        sys.exit(
            f"ClickHouse cannot listen on {host}:{port}: {error.strerror}. "
            "Stop what uses the port, or choose another."
        )


def _open_engine(path: Path) -> Engine:
    try:
        return Engine(path)
    except (ClickHouseError, OSError, RuntimeError) as error:
        sys.exit(
            f"ClickHouse cannot open {path}: "
            f"another process has it open, or it is not writable. ({error})"
        )


def _empty_spool(path: Path) -> Path:
    """Removes the results that a killed server had set aside, and returns their directory."""
    spool = path / "tmp"
    spool.mkdir(exist_ok=True)
    for leftover in spool.iterdir():
        leftover.unlink()
    return spool
