"""`python -m infra.chdb_server --port N --path DIR --accounts FILE` starts the server."""

import logging
import os
from pathlib import Path

from infra.chdb_server.accounts import read_accounts
from infra.chdb_server.confinement import confine
from infra.chdb_server.options import read_options

logger = logging.getLogger("infra.chdb_server")


def main() -> None:
    os.environ["TZ"] = "UTC"  # the engine reads its time zone from here, once, when it is loaded
    options = read_options()
    os.environ["TMPDIR"] = str(_make_directory(options.path / "temporary"))
    accounts = read_accounts(options.accounts)
    if unconfined := confine(options.path):
        logger.warning(unconfined)
    # The engine's threads start as it is loaded, and a thread is confined only if it starts after.
    from infra.chdb_server.server import serve

    serve(options, accounts)


def _make_directory(path: Path) -> Path:
    """Makes the place of the engine's temporary files; once confined, it can write nowhere else."""
    path.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    main()
