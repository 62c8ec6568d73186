"""`python -m api`: serves the doors until told to stop."""

import sys

import uvicorn

from api.app import make_app, real_doors
from infra.connections import ConnectionLimits, server_options
from infra.errors import SetupError
from infra.logs import configure_logs
from infra.memory import collect_seldom
from infra.settings import Settings


def main() -> None:
    try:
        serve(Settings())
    except SetupError as error:
        sys.exit(f"doors: {error}")


def serve(settings: Settings) -> None:
    configure_logs(settings)
    collect_seldom()
    uvicorn.run(
        make_app(settings, real_doors(settings)),
        host=settings.host,
        port=settings.api_port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=5,
        **server_options(connection_limits(settings)),
    )


def connection_limits(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(
        connections=settings.connections_max,
        head_bytes=settings.head_max_bytes,
        head_s=settings.head_timeout_s,
        silence_s=settings.client_silence_s,
    )


if __name__ == "__main__":
    main()
