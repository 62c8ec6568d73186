"""Starts parts in the order of their needs, and waits until each is ready.

As many start at a time as their needs permit.
"""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from infra.environment import for_child
from infra.errors import InfraError
from infra.settings import CHECKOUT, Settings
from infra.stack.parts import Unit
from infra.stack.supervisor import Supervisor

POLL_S = 0.05
MAX_DEATHS = 2

Report = Callable[[str, float], None]
"""Callback that gets the name of a process that is ready, and the seconds it took."""


@dataclass(slots=True)
class Startup:
    """One start of some units. Each dictionary is keyed by the name of a unit."""

    settings: Settings
    supervisor: Supervisor
    report: Report
    ready: set[str] = field(default_factory=set)
    waiting: dict[str, str] = field(default_factory=dict)
    """Why a stage waits for an operator."""
    started_at: dict[str, float] = field(default_factory=dict)
    jobs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    pids: dict[str, set[int]] = field(default_factory=dict)

    def run(self, units: Sequence[Unit]) -> None:
        """Returns when all units are ready.

        Raises `InfraError` if one fails, takes too long, or waits for an operator. What else was
        to start has started then.
        """
        try:
            while missing := [unit for unit in units if not self._is_settled(unit)]:
                for unit in missing:
                    self._advance(unit, units)
                self._refuse_dying(missing)
                time.sleep(POLL_S)
        finally:
            for job in self.jobs.values():
                job.kill()
                job.wait()
        if self.waiting:
            sentences = [f"{name} waits: {reason}." for name, reason in self.waiting.items()]
            raise InfraError(" ".join(sentences))

    def _is_settled(self, unit: Unit) -> bool:
        return unit.name in self.ready or unit.name in self.waiting

    def _advance(self, unit: Unit, units: Sequence[Unit]) -> None:
        if unit.name not in self.started_at:
            if self._may_start(unit, units):
                self._start(unit)
        elif self._done(unit):
            self.ready.add(unit.name)
            self.report(unit.name, self._elapsed(unit))
        elif self._waits_for_operator(unit):
            pass
        elif self._elapsed(unit) > self.settings.start_timeout_s:
            raise self._failure(unit, f"was not ready within {self.settings.start_timeout_s:.0f} s")

    def _waits_for_operator(self, unit: Unit) -> bool:
        """Notes what a stage waits for, if its sentence names a way out: it waits without end."""
        reason = unit.not_ready_because(self.settings)
        if reason is None or "Way out:" not in reason:
            return False
        self.waiting[unit.name] = reason
        return True

    def _may_start(self, unit: Unit, units: Sequence[Unit]) -> bool:
        needed = [other for other in units if other.part.name in unit.part.needs]
        return all(other.name in self.ready for other in needed)

    def _start(self, unit: Unit) -> None:
        self.started_at[unit.name] = time.monotonic()
        if unit.part.kind == "job":
            self.jobs[unit.name] = self._start_job(unit)
        else:
            self.supervisor.start(unit)

    def _start_job(self, unit: Unit) -> subprocess.Popen[bytes]:
        with self.supervisor.places.log(unit.name).open("wb") as log:
            return subprocess.Popen(
                unit.command(self.settings),
                env=for_child(self.settings),
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _done(self, unit: Unit) -> bool:
        if unit.part.kind != "job":
            return unit.ready(self.settings)
        code = self.jobs[unit.name].poll()
        if code:
            raise self._failure(unit, f"failed with exit code {code}")
        return code == 0

    def _refuse_dying(self, missing: Sequence[Unit]) -> None:
        """Raises for a part that dies again and again, which waiting will not make better."""
        processes = self.supervisor.processes()
        for unit in missing:
            process = processes.get(unit.name)
            if process is None:
                continue
            pids = self.pids.setdefault(unit.name, set())
            if process.running:
                pids.add(process.pid)
            if len(pids) > MAX_DEATHS:
                raise self._failure(unit, f"died {MAX_DEATHS} times while it started")

    def _elapsed(self, unit: Unit) -> float:
        return time.monotonic() - self.started_at[unit.name]

    def _failure(self, unit: Unit, what: str) -> InfraError:
        end_of_log = _end_of_log(self.supervisor, unit)
        return InfraError(f"{unit.name} {what}{end_of_log}. See 'dibiendong logs {unit.name}'.")


def _end_of_log(supervisor: Supervisor, unit: Unit) -> str:
    try:
        lines = supervisor.places.log(unit.name).read_text(errors="replace").strip().splitlines()
    except FileNotFoundError:
        return ""
    return f"; its log ends: {lines[-1].strip()}" if lines else ""
