"""`python -m streams STAGE --worker I --metrics-port P` runs one process of one stage.

It runs until it is told to stop.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import structlog
from mode import Worker

from infra.logs import configure_logs
from infra.memory import collect_seldom
from infra.settings import Settings
from schemas.contract.avro_form import FORM
from streams.stages import STAGES
from streams.watchdog import Watchdog
from streams.worker import StageWorker

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wait:
    """How a process waits before its stage starts, and what its log says meanwhile."""

    event: str
    level: Literal["error", "warning"]
    say_every_s: float
    check_every_s: float


HELD = Wait("stage is held", "error", say_every_s=60, check_every_s=1)
STOPPED = Wait("stage stops", "error", say_every_s=60, check_every_s=1)
READING = Wait("stage waits", "warning", say_every_s=10, check_every_s=0.2)


def main() -> int:
    arguments = _arguments()
    settings = Settings()
    configure_logs(settings)
    tables = [name for name in arguments.tables.split(",") if name]
    worker = StageWorker(arguments.stage, arguments.worker, settings, tables)
    worker.health.serve(settings.host, arguments.metrics_port)
    _wait_while(worker, worker.dead_letters.held_because, HELD)
    _wait_while(worker, worker.waits_for_log, STOPPED)
    if worker.follows_reference:
        worker.reference.start()
        _wait_while(worker, worker.reference.not_ready_because, READING)
    collect_seldom()
    log.info("stage starts", stage=arguments.stage, worker=arguments.worker, avro=FORM)
    app = worker.app()
    faust_worker = Worker(app, loglevel="WARNING", override_logging=False, redirect_stdouts=False)
    Watchdog(worker.health, faust_worker.loop, app, settings.session_timeout_s).start()
    try:
        faust_worker.execute_from_commandline()
    except SystemExit as ended:
        return int(ended.code or 0) or int(worker.health.stopped_for is not None)
    finally:
        worker.close()
    return int(worker.health.stopped_for is not None)


def _wait_while(worker: StageWorker, reason_to_wait: Callable[[], str | None], wait: Wait) -> None:
    """Waits as long as there is a reason. The process is up and not ready, and says why."""
    say_at = 0.0
    while (reason := reason_to_wait()) is not None:
        worker.health.waits_for = reason
        if time.monotonic() >= say_at:
            say = getattr(log, wait.level)
            say(wait.event, stage=worker.stage.name, reason=reason)
            say_at = time.monotonic() + wait.say_every_s
        time.sleep(wait.check_every_s)
    worker.health.waits_for = None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m streams", description="Runs one process of one stage."
    )
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument(
        "--worker", type=int, default=0, help="number of this process among those of the stage"
    )
    parser.add_argument(
        "--metrics-port",
        type=int,
        required=True,
        help="port of /livez, /readyz and /metrics; 0 for any",
    )
    parser.add_argument(
        "--tables",
        default="",
        help="of project: only these tables, names with commas, as a replay that writes no topic",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
