"""The stack under one schedule, with its load, and the harm that can be done to it."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import control
from infra.local.lag import lags
from infra.local.places import Places
from tests.chaos.checks import Checks, letters
from tests.chaos.load import Load
from tests.chaos.world import ChaosWorld
from tests.live_world import Writer, reference_known
from tests.running_stack import RunningStack
from tests.waiting import wait_until

STAGES = ("link", "identify", "screen", "project")
BACK_S = 60.0


@dataclass
class Rig:
    stack: RunningStack
    draw: random.Random
    load: Load
    checks: Checks

    @classmethod
    def begin(cls, stack: RunningStack, number: int, draw: random.Random) -> "Rig":
        """`number` tells the worlds of one stack apart."""
        settings = stack.settings
        world = ChaosWorld(number, settings.person_key.get_secret_value())
        Writer(settings).write_reference(world.reference)
        wait_until(lambda: reference_known(settings, world), 60, what="the reference data to be projected", poll_s=0.2)
        load = Load(settings, world, draw)
        return cls(stack, draw, load, Checks(settings, world, load.client, set(letters(settings))))

    @property
    def world(self) -> ChaosWorld:
        return self.load.world

    def kill(self, *parts: str) -> None:
        """SIGKILL, all at the same moment; the supervisor starts others."""
        for pid in [self.stack.pid(part) for part in parts]:
            os.kill(pid, signal.SIGKILL)

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
        """The supervisor does not run it meanwhile; on exit it is ready again."""
        unit = self.stack.unit(part)
        name, socket = f"{control.group(unit)}:{unit.name}", Places.of(self.stack.settings).socket
        with control.remote(socket) as daemon:
            daemon.stopProcess(name)
        try:
            yield
        finally:
            control.start(socket, unit)
        self.stack.wait_ready(part, BACK_S)

    def state_of(self, stage: str, worker: int = 0) -> Path:
        return self.stack.settings.data_dir / "state" / stage / str(worker)

    def forget_state(self, stage: str) -> None:
        shutil.rmtree(self.state_of(stage))

    def pause(self, least_s: float, most_s: float) -> None:
        """Harm at a random moment of the load: the one wait of the harness that is for time."""
        time.sleep(self.draw.uniform(least_s, most_s))

    def wait_drained(self, stage: str, timeout_s: float = BACK_S) -> None:
        wait_until(lambda: lags(self.stack.settings).get(stage) == 0, timeout_s, what=f"{stage} to be at the end of its topics", poll_s=0.3)
