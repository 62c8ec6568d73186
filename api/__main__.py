"""`python -m api`: serves the doors until told to stop."""

import sys
from contextlib import suppress

import uvicorn

from api.app import make_app, real_doors
from api.draining import Draining, DrainingServer
from infra.connections import ConnectionLimits, server_options
from infra.errors import MigrationError, SetupError
from infra.logs import configure_logs
from infra.memory import collect_seldom
from infra.settings import Settings

STARTUP_FAILURE = 3
"""Exit code of uvicorn's own `run` for a server that did not start."""


def main() -> None:
    try:
        serve(Settings())
    except (MigrationError, SetupError) as error:
        sys.exit(f"doors: {error}")


def serve(settings: Settings) -> None:
    configure_logs(settings)
    collect_seldom()
    app = Draining(make_app(settings, real_doors(settings)))
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.api_port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=5,
        **server_options(connection_limits(settings)),
    )
    server = DrainingServer(config, app, settings.drain_s)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def connection_limits(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(
        connections=settings.connections_max,
        head_bytes=settings.head_max_bytes,
        head_s=settings.head_timeout_s,
        silence_s=settings.client_silence_s,
    )


if __name__ == "__main__":
    main()
