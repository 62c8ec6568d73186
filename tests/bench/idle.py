"""Measures the idle stack: memory, processor time, and the time to come up again."""

import time

import psutil

from infra.processes import recorded
from infra.settings import Settings
from infra.stack import stack as local_stack
from infra.stack.places import SUPERVISOR, Places
from infra.tools.simulator.play import drain
from tests.bench.figures import Figure

SETTLE_S, WATCH_S = 15.0, 20.0


def idle(settings: Settings) -> list[Figure]:
    drain(settings, lambda _: None)
    time.sleep(SETTLE_S)
    processes = _processes(settings)
    before, begun = _processor_s(processes), time.perf_counter()
    time.sleep(WATCH_S)
    share = 100 * (_processor_s(processes) - before) / (time.perf_counter() - begun)
    memory = sum(process.memory_info().rss for process in processes) / 1e6
    circumstances = {"processes": len(processes)}
    return [
        Figure("idle: memory of all parts", memory, "MB", 1_600, False, circumstances),
        Figure("idle: processor, of one core", share, "%", 15, False, circumstances),
    ]


def up(settings: Settings) -> list[Figure]:
    local_stack.down(settings)
    begun = time.perf_counter()
    local_stack.up(settings)
    return [Figure("up, once set up", time.perf_counter() - begun, "s", 20, False)]


def _processes(settings: Settings) -> list[psutil.Process]:
    supervisor = recorded(Places.of(settings).record(SUPERVISOR))
    assert supervisor is not None, "the stack does not run"
    root = psutil.Process(supervisor.pid)
    return [root, *root.children(recursive=True)]


def _processor_s(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)
