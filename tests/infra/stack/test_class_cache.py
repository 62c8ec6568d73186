"""The run that makes a class cache leaves nothing running when its starter is cut off."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from infra.environment import for_child
from infra.processes import Identity, end
from infra.settings import CHECKOUT, Settings
from tests.plain_settings import plain_settings
from tests.waiting import wait_until

PREPARE = """\
from infra.settings import Settings
from infra.stack.class_cache import make_class_caches
make_class_caches(Settings(), ["kafka"])
"""
PREPARE_SLEEPER = """\
import sys
from infra.settings import Settings
from infra.stack import class_cache
from infra.stack.parts import Part, Unit
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
part = Part("kafka", "server", (), lambda *_: sleep, lambda *_: False, lambda *_: "")
class_cache._train(Settings(), Unit(part, 0))
"""


def kill_while_it_trains(settings: Settings, program: str) -> Identity:
    """Returns the process that was in training when its starter was killed."""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, env=for_child(settings), cwd=CHECKOUT) as starter:

        def in_training() -> Identity | None:
            assert starter.poll() is None, "the starter ended"
            return trained_by(psutil.Process(starter.pid))

        process = wait_until(in_training, what="the training run")
        os.kill(starter.pid, signal.SIGKILL)
    return process


def trained_by(starter: psutil.Process) -> Identity | None:
    for child in starter.children(recursive=True):
        try:
            words = child.cmdline()
        except psutil.NoSuchProcess:
            continue
        launched = "infra.stack.launch" not in words
        if launched and any(word.startswith("-XX:AOTCacheOutput=") for word in words):
            return Identity.of(child.pid)
    return None


def expect_end_of(process: Identity) -> None:
    try:
        wait_until(lambda: not process.alive, 30, what="the training run to end")
    finally:
        end([process], timeout_s=5)


def test_a_training_run_ends_with_its_killed_starter(tmp_path: Path) -> None:
    settings = plain_settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    expect_end_of(kill_while_it_trains(settings, PREPARE_SLEEPER))


@pytest.mark.live
def test_kafka_in_training_ends_with_its_killed_starter(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "jars").symlink_to(plain_settings().cache_dir.resolve() / "jars")
    settings = plain_settings(data_dir=tmp_path / "data", cache_dir=cache)
    expect_end_of(kill_while_it_trains(settings, PREPARE))
    assert not list((cache / "starts").glob("*.aot"))
