"""Ends a stage's process that hangs, so that its supervisor starts another.

A process hangs when the coordinator of its consumer has died, or when an event loop answers no
longer. A long fold blocks the loop as well, but it is work: the process says so and is never ended
for it. Silence is counted in looks of this thread, not by the clock: a process that was stopped or
starved as a whole has missed looks, too, and is not taken for hung when it wakes up.
"""

import asyncio
import os
import threading
from typing import Any

import structlog

from streams.health import Health

log = structlog.get_logger()
LOOK_S = 1.0
HUNG_SESSIONS = 3
"""A process hangs when it was silent for so many times its session in the group."""
LAST_WORDS_S = 2.0
"""Time to write to a log that may itself be what the process hangs on."""


class LoopPulse:
    """Counts the looks in which an event loop did not run a callback."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.missed = 0
        self._is_waiting = False

    def look(self) -> None:
        if self._is_waiting:
            self.missed += 1
            return
        self.missed = 0
        self._is_waiting = True
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._answer)

    def _answer(self) -> None:
        self._is_waiting = False


class Watchdog:
    """Looks at the event loops and the coordinator of one process, and notes it in its health.

    `app` is the Faust app, whose consumer has a thread and an event loop of its own.
    """

    def __init__(
        self, health: Health, loop: asyncio.AbstractEventLoop, app: Any, session_timeout_s: float
    ) -> None:
        self._health = health
        self._app = app
        self._main = LoopPulse(loop)
        self._consumer: LoopPulse | None = None
        self._dead_looks = 0
        self._max_missed = HUNG_SESSIONS * session_timeout_s / LOOK_S
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def look(self) -> None:
        self._main.look()
        thread = self._consumer_thread()
        if thread is not None:
            self._look_at_consumer(thread)
        self._health.loop_silent_s = self._main.missed * LOOK_S
        self._health.hangs_because = self._reason()

    def _consumer_thread(self) -> Any:
        # Faust makes the consumer at the first access of its property, which must not be here.
        consumer = self._app._consumer
        if consumer is None:
            return None
        self._health.membership = consumer.membership
        return consumer._thread

    def _look_at_consumer(self, thread: Any) -> None:
        if self._consumer is None or self._consumer.loop is not thread.thread_loop:
            self._consumer = LoopPulse(thread.thread_loop)
        self._consumer.look()
        consumer = thread._consumer
        is_dead = consumer is not None and has_died(consumer._coordinator)
        self._dead_looks = self._dead_looks + 1 if is_dead else 0

    def _reason(self) -> str | None:
        """Returns why the process hangs; None while it does not, or while it folds."""
        if self._health.is_folding:
            return None
        if self._main.missed > self._max_missed:
            return f"its event loop has been silent for {self._main.missed * LOOK_S:.0f} s"
        if self._consumer is not None and self._consumer.missed > self._max_missed:
            return f"its consumer has been silent for {self._consumer.missed * LOOK_S:.0f} s"
        if self._dead_looks > self._max_missed:
            return f"its consumer left the group {self._dead_looks * LOOK_S:.0f} s ago and is dead"
        return None

    def _watch(self) -> None:
        waiting = threading.Event()
        while not waiting.wait(LOOK_S):
            self.look()
            if self._health.hangs_because is not None:
                end_hung(self._health.hangs_because)


def has_died(coordinator: Any) -> bool:
    """Returns whether the task that keeps a consumer in its group has ended, or waits for ever.

    It waits for somebody to read its error; a consumer without partitions is never read. aiokafka
    has no public way to learn either.
    """
    if not hasattr(coordinator, "_coordination_task"):
        return False
    unread = coordinator._error_consumed_fut
    return coordinator._coordination_task.done() or (unread is not None and not unread.done())


def end_hung(reason: str) -> None:
    """Ends the process at once: what hangs would not let it end in order.

    Effect and position are committed at once, so an end at any moment loses nothing.
    """
    in_any_case = threading.Timer(LAST_WORDS_S, os._exit, (1,))
    in_any_case.daemon = True
    in_any_case.start()
    log.error("stage hangs and is ended", reason=reason)
    os._exit(1)
