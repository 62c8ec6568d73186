"""Runs a stack of its own for a test run: real parts on free ports, data in a temporary directory.

It is gone when its starter is.
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from infra.environment import for_child
from infra.processes import Identity, recorded
from infra.settings import Settings
from infra.stack import stack
from infra.stack.free_ports import free_ports_for
from infra.stack.parts import Unit, named
from infra.stack.places import Places
from infra.tools.simulator.play import drain
from tests.plain_settings import plain_settings
from tests.waiting import BOUND_S, wait_until


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack that a test starts, stops and harms.

    `part` names a part (`kafka`; `screen` means its first worker) or a worker (`screen-1`).
    """

    settings: Settings
    env: dict[str, str]
    """It is the whole environment of a subprocess that belongs to this stack."""

    @classmethod
    def plan(cls, data_dir: Path, *, stage_workers: int = 1, **overrides: object) -> "RunningStack":
        """Returns a stack of which nothing runs yet.

        Downloads come from the cache of the checkout.
        """
        values = {
            **free_ports_for(stage_workers=stage_workers),
            "stage_workers": stage_workers,
            "data_dir": data_dir,
            "start_timeout_s": BOUND_S,
            **overrides,
        }
        settings = plain_settings(**values)
        return cls(settings, for_child(settings))

    def require(self, *parts: str) -> None:
        """Returns when these parts, and what they need, are ready; no name means all.

        It starts those that do not run.
        """
        stack.up(self.settings, parts, tied=True)

    def down(self) -> None:
        stack.down(self.settings)

    def pid(self, part: str) -> int:
        return self.identity(part).pid

    def kill(self, part: str) -> int:
        """Sends SIGKILL, and returns the id of the process that died.

        The supervisor starts another.
        """
        identity = self.identity(part)
        os.kill(identity.pid, signal.SIGKILL)
        wait_until(lambda: not identity.alive, what=f"{part} to die")
        return identity.pid

    def wait_ready(self, part: str, timeout_s: float = BOUND_S) -> None:
        wait_until(
            lambda: self.unit(part).ready(self.settings), timeout_s, what=f"{part} to be ready"
        )

    def wait_idle(self) -> None:
        """Returns when nothing waits before any stage."""
        drain(self.settings, lambda waiting: None)

    def log(self, part: str) -> str:
        return Places.of(self.settings).log(self.unit(part).name).read_text(errors="replace")

    def unit(self, part: str) -> Unit:
        return named(self.settings, part)[0]

    def units(self, part: str) -> list[str]:
        """Returns the names of the part's processes."""
        return [unit.name for unit in named(self.settings, part)]

    def identity(self, part: str) -> Identity:
        record = Places.of(self.settings).record(self.unit(part).name)
        return wait_until(lambda: recorded(record), what=f"{part} to run")
