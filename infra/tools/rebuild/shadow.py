"""A database beside the live one, filled from the log by a process of `project` of its own, with its own positions and consumer group.

Guarantees: the live tables are not touched; whatever a run that was killed left behind is gone when the next one begins; one run at a time.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from infra.clickhouse.client import AWAY, connect
from infra.clickhouse.migrate import migrate
from infra.environment import for_child
from infra.errors import InfraError, SetupError, Unavailable
from infra.settings import Settings
from infra.stack.lag import group_id
from infra.tools.rebuild.models import ReadModel, behind

DROP = Path(__file__).with_name("drop.sql").read_text(encoding="utf-8")
LONGEST_S = 600.0


class Beside:
    """`settings`: those of the database beside, as its process has them."""

    def __init__(self, settings: Settings, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.settings, self._process, self._log = settings, process, log

    def check(self) -> None:
        """Raises `InfraError` when its process has ended."""
        if self._process.poll() is not None:
            raise InfraError(
                f"The process that replays the log ended: see {self._log}. The live tables are as they were."
            )


@contextmanager
def beside(live: Settings, models: Sequence[ReadModel]) -> Iterator[Beside]:
    """Begins to fill these tables, and those behind them; drops the database at the end. Raises `Unavailable`, for the block as well."""
    own = settings_beside(live)
    own.data_dir.mkdir(parents=True, exist_ok=True)
    with alone(own.data_dir / "lock"), trouble_told():
        drop(own)
        migrate(own)
        refuse_other_schema(live, own)
        with replaying(own, models) as (process, log):
            yield Beside(own, process, log)


@contextmanager
def trouble_told() -> Iterator[None]:
    try:
        yield
    except AWAY as error:
        raise Unavailable(
            "clickhouse",
            f"{type(error).__name__}. Every live table is whole, the old one or the new one: run it again",
        ) from error


def settings_beside(live: Settings) -> Settings:
    """The group is new each time: one of before may still have a member that was killed."""
    return live.model_copy(
        update={
            "clickhouse_database": f"{live.clickhouse_database}_beside",
            "data_dir": live.data_dir / "beside",
            "consumer_group": f"{live.consumer_group}-beside-{uuid4().hex[:8]}",
        }
    )


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupError(
                "Another rebuild or verification runs: wait until it has ended."
            ) from None
        yield


def refuse_other_schema(live: Settings, own: Settings) -> None:
    """Raises `SetupError` where the live tables are not of this program's migrations: theirs could not be swapped for them."""
    if migrations(live) != migrations(own):
        raise SetupError(
            "The live tables are not of this version's migrations: run 'dibiendong up', which brings them there, and try again."
        )


def migrations(settings: Settings) -> list[str]:
    with connect(settings, "writer") as client:
        return [
            row[0] for row in client.query("SELECT name FROM migrations ORDER BY name").result_rows
        ]


@contextmanager
def replaying(
    own: Settings, models: Sequence[ReadModel]
) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    tables = ",".join(model.table for model in behind(models) if model.topics)
    record, log = own.data_dir / "project.pid", own.data_dir / "project.log"
    # Tied: it ends when this process does, whatever ends it.
    launch = [sys.executable, "-m", "infra.stack.launch", "--tied", str(record)]
    command = [
        *launch,
        sys.executable,
        "-m",
        "streams",
        "project",
        "--tables",
        tables,
        "--metrics-port",
        "0",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=for_child(own), stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        yield process, log
    finally:
        end(process)
        with suppress(Unavailable, *AWAY):
            drop(own)
        forget_group(own)


def end(process: "subprocess.Popen[bytes]") -> None:
    """At once: what it would finish is of no use any more."""
    process.kill()
    process.wait()


def drop(own: Settings) -> None:
    with connect(own, "writer", database="default", timeout_s=LONGEST_S) as client:
        client.command(DROP, parameters={"beside": own.clickhouse_database})


def forget_group(own: Settings) -> None:
    admin = AdminClient({"bootstrap.servers": own.kafka, "log_level": 0})
    for future in admin.delete_consumer_groups(
        [group_id(own, "project")], request_timeout=own.request_timeout_s
    ).values():
        with suppress(KafkaException):  # the broker drops it by itself in a week
            future.result()
