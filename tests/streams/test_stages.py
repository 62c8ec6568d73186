"""The list of stages that others import is the worker's own, and importing it costs nothing."""

import subprocess
import sys

from infra.settings import CHECKOUT
from streams.stages import STAGES
from streams.worker import MAKERS

HEAVY = ("faust", "rocksdict", "msgspec", "streams.stage", "infra")
LOADED = f"import sys, streams.stages; print([name for name in {HEAVY} if name in sys.modules])"


def test_the_worker_makes_exactly_the_listed_stages_in_order() -> None:
    assert tuple(MAKERS) == STAGES


def test_the_list_loads_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    assert loaded.stdout.strip() == "[]"
