"""`python -m streams STAGE --worker I --metrics-port P` runs one process of one stage.

It runs until it is told to stop.
"""

import argparse
import sys
import time

import structlog
from mode import Worker

from infra.logs import configure_logs
from infra.memory import collect_seldom
from infra.settings import Settings
from schemas.contract.avro_form import FORM
from streams.stages import STAGES
from streams.worker import StageWorker

HOLD_CHECK_S = 1.0
HOLD_LOG_EVERY_S = 60.0
READY_WAIT_S = 60.0
log = structlog.get_logger()


def main() -> int:
    arguments = _arguments()
    settings = Settings()
    configure_logs(settings)
    tables = [name for name in arguments.tables.split(",") if name]
    worker = StageWorker(arguments.stage, arguments.worker, settings, tables)
    worker.health.serve(settings.host, arguments.metrics_port)
    _wait_while_held(worker)
    worker.reference.start()
    worker.reference.wait_ready(READY_WAIT_S)
    collect_seldom()
    log.info("stage starts", stage=arguments.stage, worker=arguments.worker, avro=FORM)
    try:
        Worker(
            worker.app(), loglevel="WARNING", override_logging=False, redirect_stdouts=False
        ).execute_from_commandline()
    except SystemExit as ended:
        return int(ended.code or 0) or int(worker.health.stopped_for is not None)
    finally:
        worker.close()
    return int(worker.health.stopped_for is not None)


def _wait_while_held(worker: StageWorker) -> None:
    """Waits until the hold file of a stage that dead letters hold is removed.

    Meanwhile the process is up and not ready, so that everybody sees it.
    """
    log_at = 0.0
    while worker.dead_letters.held:
        if time.monotonic() >= log_at:
            log.error(
                "stage is held", stage=worker.stage.name, reason=worker.health.not_ready_because()
            )
            log_at = time.monotonic() + HOLD_LOG_EVERY_S
        time.sleep(HOLD_CHECK_S)


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
