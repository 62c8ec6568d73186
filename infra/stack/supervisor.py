"""Keeps the parts running through supervisord, which restarts each one that dies; it may be killed itself."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Self

from infra.environment import for_child, variables
from infra.errors import InfraError, SetupError
from infra.processes import end, recorded
from infra.settings import Settings
from infra.stack import control
from infra.stack.configuration import configuration
from infra.stack.control import Process
from infra.stack.parts import Unit
from infra.stack.places import SUPERVISOR, Places
from infra.stack.waiting import wait_for

SUPERVISOR_START = "supervisor-start"
DAEMONS: list[subprocess.Popen[bytes]] = []
"""Held on to, because they are meant to outlive the objects that stand for them."""


@dataclass(frozen=True, slots=True)
class Supervisor:
    settings: Settings
    places: Places

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings, Places.of(settings))

    @property
    def running(self) -> bool:
        return recorded(self.places.record(SUPERVISOR)) is not None and control.answers(
            self.places.socket
        )

    def ensure_running(self, *, tied: bool) -> None:
        """`tied`: it stops, and the parts with it, when this process dies."""
        if self.running:
            return self._refuse_other_settings()
        self.stop()
        self.places.create()
        self.places.configuration.write_text(configuration(self.settings, self.places))
        self.places.fingerprint.write_text(_fingerprint(self.settings))
        daemon = self._spawn(tied)
        wait_for(
            lambda: self.running or daemon.poll() is not None,
            self.settings.start_timeout_s,
            "supervisor: no answer",
        )
        if daemon.poll() is not None:
            raise InfraError(
                f"The supervisor did not start: see {self.places.log(SUPERVISOR_START)}."
            )
        return None

    def _refuse_other_settings(self) -> None:
        if self.places.fingerprint.read_text() != _fingerprint(self.settings):
            raise SetupError(
                f"The stack in {self.places.data} already runs with other settings: run 'dibiendong down' first, "
                "or set DIBIENDONG_DATA_DIR and other ports for a second stack."
            )

    def _spawn(self, tied: bool) -> subprocess.Popen[bytes]:
        tie = ["--tied"] if tied else []
        launch = [
            sys.executable,
            "-m",
            "infra.stack.launch",
            *tie,
            str(self.places.record(SUPERVISOR)),
        ]
        daemon = [
            sys.executable,
            "-m",
            "supervisor.supervisord",
            "-n",
            "-s",
            "-c",
            str(self.places.configuration),
        ]
        with self.places.log(SUPERVISOR_START).open("wb") as log:
            process = subprocess.Popen(
                [*launch, *daemon],
                env=for_child(self.settings),
                cwd=self.places.data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        DAEMONS.append(process)
        return process

    def processes(self) -> dict[str, Process]:
        """Empty when nothing supervises."""
        return control.processes(self.places.socket) if self.running else {}

    def start(self, unit: Unit) -> None:
        control.start(self.places.socket, unit)

    def halt(self, unit: Unit) -> None:
        """Until it is started again."""
        control.stop(self.places.socket, unit)

    def stop(self) -> bool:
        """Ends everything that runs for this data directory, whoever started it; False when nothing did."""
        found = recorded(self.places.record(SUPERVISOR))
        if found is not None:
            end([found], self.settings.stop_timeout_s * 2)
            DAEMONS[:] = [daemon for daemon in DAEMONS if daemon.poll() is None]
        return self._end_left_over() or found is not None

    def _end_left_over(self) -> bool:
        """Parts whose supervisor was killed stop by themselves; those that did not get so far are ended here."""
        records = [
            path for path in self.places.run.glob("*.pid") if path != self.places.record(SUPERVISOR)
        ]
        left = [identity for path in records if (identity := recorded(path))]
        end(left, self.settings.stop_timeout_s)
        self.places.socket.unlink(missing_ok=True)
        return bool(left)


def _fingerprint(settings: Settings) -> str:
    return hashlib.sha256(json.dumps(variables(settings), sort_keys=True).encode()).hexdigest()
