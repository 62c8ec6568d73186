"""A rig is the stack under one schedule, with its load and the harm that can be done to it."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from xmlrpc.client import Fault

from infra.clickhouse.client import connect
from infra.errors import InfraError
from infra.processes import recorded
from infra.stack import control
from infra.stack.lag import lags
from infra.stack.places import Places
from tests.chaos.checks import Checks, Red, letters
from tests.chaos.load import Load
from tests.chaos.proxy import Proxy
from tests.chaos.world import ChaosWorld
from tests.live_world import Writer, reference_known
from tests.running_stack import RunningStack
from tests.waiting import wait_until

BACK_S = 240.0
"""A machine that is busy with other work has come back by then.

How long it took is reported, and is no promise.
"""
ONCE = {
    "declarations": "entry_id",
    "scans": "scan_id",
    "vaccinations": "entry_id",
    "verdicts": "scan_id",
}
"""Each event is to have one row in these tables, which hold its id in this column."""


def start_patiently(stack: RunningStack, *parts: str) -> None:
    """Starts the parts, or all; one that gives up on a busy machine is started again."""
    deadline = time.monotonic() + BACK_S
    while True:
        try:
            return stack.require(*parts)
        except InfraError:
            if time.monotonic() > deadline:
                raise


@dataclass
class Rig:
    stack: RunningStack
    draw: random.Random
    load: Load
    checks: Checks
    side: Proxy | None = None
    """The proxy before a second listener of the broker, if the stack has one."""
    minutes: float = 1.0
    """The random schedule goes on for so long."""

    @classmethod
    def begin(
        cls, stack: RunningStack, number: int, draw: random.Random, side: Proxy | None = None
    ) -> "Rig":
        """Returns a rig with a world of its own; `number` tells the worlds of one stack apart."""
        settings = stack.settings
        world = ChaosWorld(number, settings.person_key.get_secret_value())
        Writer(settings).write_reference(world.reference)
        wait_until(
            lambda: reference_known(settings, world),
            what="the reference data to be projected",
            poll_s=0.2,
        )
        load = Load(settings, world, draw)
        return cls(
            stack, draw, load, Checks(settings, world, load.client, set(letters(settings))), side
        )

    @property
    def world(self) -> ChaosWorld:
        return self.load.world

    def kill(self, *parts: str) -> None:
        """Kills all the parts at the same moment (SIGKILL); the supervisor starts others.

        One may have ended by itself while the others were waited for.
        """
        for pid in [self._running(part) for part in parts]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _running(self, part: str) -> int:
        """Returns the part's process id, once it runs.

        A part that was killed before may be on its way back: the supervisor waits longer after each
        try.
        """
        record = Places.of(self.stack.settings).record(self.stack.unit(part).name)
        return wait_until(lambda: recorded(record), BACK_S, what=f"{part} to run").pid

    @contextmanager
    def frozen(self, part: str) -> Iterator[None]:
        pid = self.stack.pid(part)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @contextmanager
    def stopped(self, part: str) -> Iterator[None]:
        """Has the supervisor not run the part in the block; on exit it is ready again."""
        unit = self.stack.unit(part)
        name, socket = f"{control.group(unit)}:{unit.name}", Places.of(self.stack.settings).socket
        with control.remote(socket) as daemon:
            daemon.stopProcess(name)
        try:
            yield
        finally:
            control.start(socket, unit)
        self.stack.wait_ready(part, BACK_S)

    @contextmanager
    def running(self, part: str) -> Iterator[None]:
        """Has the supervisor run a stopped part in the block, ready or not."""
        unit = self.stack.unit(part)
        name, socket = f"{control.group(unit)}:{unit.name}", Places.of(self.stack.settings).socket
        control.start(socket, unit)
        try:
            yield
        finally:
            with control.remote(socket) as daemon:
                daemon.stopProcess(name)

    @contextmanager
    def killed(self, stage: str) -> Iterator[None]:
        """Kills the stage (SIGKILL); no other is started before the exit."""
        unit = self.stack.unit(stage)
        name, socket = f"{control.group(unit)}:{unit.name}", Places.of(self.stack.settings).socket
        with control.remote(socket) as daemon:
            daemon.signalProcess(name, "STOP")
            self.kill(stage)
            with suppress(Fault):
                daemon.stopProcess(name)
        try:
            yield
        finally:
            control.start(socket, unit)
        self.stack.wait_ready(stage, BACK_S)

    @property
    def behind_proxy(self) -> dict[str, str]:
        """Returns the environment of a process that reaches the broker through the proxy alone."""
        return {"DIBIENDONG_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.proxy.port}"}

    @property
    def proxy(self) -> Proxy:
        if self.side is None:
            raise Red("this schedule needs a stack whose broker has a listener behind a proxy")
        return self.side

    def clickhouse_proxy(self) -> Proxy:
        return Proxy(self.stack.settings.host, self.stack.settings.clickhouse_port)

    @contextmanager
    def merges_stopped(self) -> Iterator[None]:
        with connect(self.stack.settings, "writer") as client:
            for table in ONCE:
                client.command(f"SYSTEM STOP MERGES {table}")
            try:
                yield
            finally:
                for table in ONCE:
                    client.command(f"SYSTEM START MERGES {table}")

    def demand_no_row_twice(self) -> None:
        """Raises `Red` for a doubled row, before a merge could hide it."""
        wanted = [event.event_id for event in self.world.events]
        with connect(self.stack.settings, "reader", timeout_s=30) as client:
            for table, column in ONCE.items():
                query = (
                    f"SELECT count(), uniqExact(toString(tuple(*))) FROM {table} "
                    f"WHERE {column} IN {{wanted:Array(UUID)}}"
                )
                rows, different = client.query(query, parameters={"wanted": wanted}).result_rows[0]
                self.demand(
                    rows == different,
                    f"{table} has {rows} rows of which {different} differ: "
                    "a repeated insert was kept twice",
                )

    def demand(self, holds: bool, sentence: str) -> None:
        if not holds:
            raise Red(sentence)

    def state_of(self, stage: str, worker: int = 0) -> Path:
        return self.stack.settings.data_dir / "state" / stage / str(worker)

    def forget_state(self, stage: str) -> None:
        shutil.rmtree(self.state_of(stage))

    def pause(self, least_s: float, most_s: float) -> None:
        """Waits for a random time: harm comes at a random moment of the load.

        This is the one wait of the harness that is for time.
        """
        time.sleep(self.draw.uniform(least_s, most_s))

    def wait_drained(self, stage: str, timeout_s: float = BACK_S) -> None:
        wait_until(
            lambda: lags(self.stack.settings).get(stage) == 0,
            timeout_s,
            what=f"{stage} to be at the end of its topics",
            poll_s=0.3,
        )
