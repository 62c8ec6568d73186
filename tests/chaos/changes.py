"""What the harness changes inside a process of a stage: moments to stop at, and protections taken away. The product knows nothing of it."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from streams.stage import Runner


def stop_before_writing() -> None:
    """Once the file CHAOS_TRIGGER is there, the process stops itself (SIGSTOP) with a batch folded and nothing of it written."""
    trigger, fold = Path(os.environ["CHAOS_TRIGGER"]), Runner._fold

    def stopping(self: Runner[Any], records: Any) -> Any:
        folded = fold(self, records)
        if folded[1] and trigger.exists():
            trigger.unlink()
            os.kill(os.getpid(), signal.SIGSTOP)
        return folded

    Runner._fold = stopping  # type: ignore[method-assign] # that is what the harness is for


CHANGES: Mapping[str, Callable[[], None]] = {
    "stop-before-writing": stop_before_writing,
}
