"""Supervises the parts through supervisord, which restarts each one that dies.

supervisord may be killed itself.
"""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Self

from infra.environment import for_child, variables
from infra.errors import InfraError, SetupError
from infra.processes import Identity, end, recorded
from infra.settings import Settings
from infra.stack import control
from infra.stack.configuration import configuration
from infra.stack.control import Process
from infra.stack.parts import Unit
from infra.stack.places import SUPERVISOR, Places
from infra.stack.waiting import wait_for

SUPERVISOR_START = "supervisor-start"
DAEMONS: list[subprocess.Popen[bytes]] = []
"""Started supervisors, referenced here because they outlive the objects that stand for them."""


@dataclass(frozen=True, slots=True)
class Supervisor:
    settings: Settings
    places: Places

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings, Places.of(settings))

    @property
    def running(self) -> bool:
        is_alive = recorded(self.places.record(SUPERVISOR)) is not None
        return is_alive and control.answers(self.places.socket)

    def ensure_running(self, *, tied: bool) -> None:
        """Starts the supervisor if it does not run.

        With `tied` it stops, and the parts with it, when this process dies. Raises `SetupError` if
        it runs with other settings.
        """
        if self.running:
            self._refuse_other_settings()
            return
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

    def _refuse_other_settings(self) -> None:
        if self.places.fingerprint.read_text() != _fingerprint(self.settings):
            raise SetupError(
                f"The stack in {self.places.data} already runs with other settings, or as another "
                "release: run 'dibiendong down' first, "
                "or set DIBIENDONG_DATA_DIR and other ports for a second stack."
            )

    def _spawn(self, tied: bool) -> subprocess.Popen[bytes]:
        tie = ["--tied"] if tied else []
        record = str(self.places.record(SUPERVISOR))
        launch = [sys.executable, "-m", "infra.stack.launch", *tie, record]
        configuration_file = str(self.places.configuration)
        daemon = [sys.executable, "-m", "infra.stack.supervisord", "-n", "-s", "-c"]
        daemon.append(configuration_file)
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
        """Returns nothing when no supervisor runs."""
        return control.processes(self.places.socket) if self.running else {}

    def start(self, unit: Unit) -> None:
        control.start(self.places.socket, unit)

    def halt(self, unit: Unit) -> None:
        """Stops the unit until it is started again."""
        control.stop(self.places.socket, unit)

    def stop(self) -> bool:
        """Ends everything that runs for this data directory, whoever started it.

        Returns False when nothing did.
        """
        supervisor = recorded(self.places.record(SUPERVISOR))
        if supervisor is not None:
            end([supervisor], self.settings.stop_timeout_s * 2)
            DAEMONS[:] = [daemon for daemon in DAEMONS if daemon.poll() is None]
        has_ended_parts = self._end_left_over()
        return has_ended_parts or supervisor is not None

    def recorded_parts(self) -> dict[str, Identity]:
        """Returns each part that runs for this data directory, also without a supervisor."""
        parts = {}
        for path in self.places.run.glob("*.pid"):
            identity = recorded(path)
            if identity is not None and path != self.places.record(SUPERVISOR):
                parts[path.stem] = identity
        return parts

    def orphans(self) -> dict[str, Identity]:
        """Returns each part that runs, and that the supervisor does not know as its own."""
        processes = self.processes()
        supervised = {process.pid for process in processes.values()}
        parts = self.recorded_parts().items()
        return {name: part for name, part in parts if part.pid not in supervised}

    def _end_left_over(self) -> bool:
        """Ends parts that outlive a killed supervisor. Most of them stop by themselves."""
        left = self.recorded_parts().values()
        end(left, self.settings.stop_timeout_s)
        self.places.socket.unlink(missing_ok=True)
        return bool(left)


def _fingerprint(settings: Settings) -> str:
    return hashlib.sha256(json.dumps(variables(settings), sort_keys=True).encode()).hexdigest()
