"""`python -m streams.replay --from … --to … --policy VERSION --work DIRECTORY` runs one replay.

A door starts it (`api/backends/replay_jobs.py`), and reads what it leaves in the directory.
"""

import argparse
import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path

from infra.errors import InfraError
from infra.logs import configure_logs
from infra.memory import collect_seldom
from infra.replays.job_directory import JobDirectory
from infra.replays.request import ReplayRequest
from infra.settings import Settings
from schemas.contract.errors import Busy
from streams.replay.run import replay

NICENESS = 10
"""The process yields to the stages: verdicts at the checkpoints do not wait for a replay."""


def main() -> int:
    arguments = _arguments()
    settings = Settings()
    job = JobDirectory(arguments.work)
    configure_logs(settings)
    os.nice(NICENESS)
    collect_seldom()
    request = ReplayRequest(arguments.begin, arguments.end, arguments.policy)
    try:
        job.finish(asyncio.run(replay(settings, request, job.state, job.report)))
    except (InfraError, Busy) as error:
        job.give_up(str(error))
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m streams.replay", description="Judges a past period again from the journal."
    )
    parser.add_argument(
        "--from",
        dest="begin",
        type=datetime.fromisoformat,
        required=True,
        help="begin of the period, with its zone",
    )
    parser.add_argument(
        "--to",
        dest="end",
        type=datetime.fromisoformat,
        required=True,
        help="its end, which is not part of it",
    )
    parser.add_argument(
        "--policy",
        type=int,
        help="version at which it became known, -1 for the built-in one; none: as they were",
    )
    parser.add_argument(
        "--work", type=Path, required=True, help="directory for state, progress and result"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
