"""The shadow database: beside the live one, filled from the log by a `project` of its own.

That process has its own positions and consumer group. Guarantees: the live tables are not touched.
A run clears away whatever a killed one left behind. One run works at a time.
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
DROP_TIMEOUT_S = 600.0


class Shadow:
    """`settings` are those of the shadow database, as its process has them."""

    def __init__(self, settings: Settings, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.settings, self._process, self._log = settings, process, log

    def check(self) -> None:
        """Raises `InfraError` when its process has ended."""
        if self._process.poll() is not None:
            raise InfraError(
                f"The process that replays the log ended: see {self._log}. "
                "The live tables are as they were."
            )


@contextmanager
def shadow_database(live: Settings, models: Sequence[ReadModel]) -> Iterator[Shadow]:
    """Begins to fill these tables, and those behind them; drops the database at the end.

    Raises `Unavailable`, for the block as well.
    """
    own = shadow_settings(live)
    own.data_dir.mkdir(parents=True, exist_ok=True)
    with _alone(own.data_dir / "lock"), _unavailable_while_away():
        _drop(own)
        migrate(own)
        _refuse_other_schema(live, own)
        with _replaying(own, models) as (process, log):
            yield Shadow(own, process, log)


def shadow_settings(live: Settings) -> Settings:
    """Returns settings with a new consumer group: an old one may have a member that was killed."""
    return live.model_copy(
        update={
            "clickhouse_database": f"{live.clickhouse_database}_beside",
            "data_dir": live.data_dir / "beside",
            "consumer_group": f"{live.consumer_group}-beside-{uuid4().hex[:8]}",
        }
    )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupError(
                "Another rebuild or verification runs: wait until it has ended."
            ) from None
        yield


@contextmanager
def _unavailable_while_away() -> Iterator[None]:
    try:
        yield
    except AWAY as error:
        reason = "Every live table is whole, the old one or the new one: run it again"
        raise Unavailable("clickhouse", f"{type(error).__name__}. {reason}") from error


def _refuse_other_schema(live: Settings, own: Settings) -> None:
    """Raises `SetupError` where the live tables are not of this program's migrations.

    The shadow's tables could not be swapped for them.
    """
    if _migrations(live) != _migrations(own):
        raise SetupError(
            "The live tables are not of this version's migrations: "
            "run 'dibiendong up', which brings them there, and try again."
        )


def _migrations(settings: Settings) -> list[str]:
    with connect(settings, "writer") as client:
        rows = client.query("SELECT name FROM migrations ORDER BY name").result_rows
    return [name for (name,) in rows]


@contextmanager
def _replaying(
    own: Settings, models: Sequence[ReadModel]
) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    log = own.data_dir / "project.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(own, models),
            env=for_child(own),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process, log
    finally:
        _kill(process)
        with suppress(Unavailable, *AWAY):
            _drop(own)
        _forget_group(own)


def _command(own: Settings, models: Sequence[ReadModel]) -> list[str]:
    tables = ",".join(model.table for model in behind(models) if model.topics)
    project = ["-m", "streams", "project", "--tables", tables, "--metrics-port", "0"]
    # The process is tied: it ends when this one does, whatever ends it.
    launch = ["-m", "infra.stack.launch", "--tied", str(own.data_dir / "project.pid")]
    return [sys.executable, *launch, sys.executable, *project]


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Ends it at once: what it would finish is of no use any more."""
    process.kill()
    process.wait()


def _drop(own: Settings) -> None:
    with connect(own, "writer", database="default", timeout_s=DROP_TIMEOUT_S) as client:
        client.command(DROP, parameters={"shadow": own.clickhouse_database})


def _forget_group(own: Settings) -> None:
    admin = AdminClient({"bootstrap.servers": own.kafka, "log_level": 0})
    deletions = admin.delete_consumer_groups(
        [group_id(own, "project")], request_timeout=own.request_timeout_s
    )
    for deletion in deletions.values():
        with suppress(KafkaException):  # the broker drops the group by itself in a week
            deletion.result()
