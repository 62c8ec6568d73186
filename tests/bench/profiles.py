"""Tells where the time of each stage goes: one worker over a backlog under a sampling profiler.

Its samples are counted by what is done in them. Only the thread that holds the interpreter counts,
for one worker has one of that. Waiting does not count, nor what RocksDB does beside it.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from infra.settings import CHECKOUT, Settings
from infra.stack.parts import metrics_port
from streams.stages import STAGES
from tests.bench.environments import PROFILER_LOCK, environment
from tests.bench.figures import Figure
from tests.bench.scale import scaled
from tests.bench.stages import Measured, measured, worked_off
from tests.running_stack import RunningStack

PEOPLE, SAMPLES_PER_SECOND = scaled(40_000), 200
END_S = 60.0
SHOWN = 8
DOINGS: tuple[tuple[str, str], ...] = (
    ("Codec.decode", "reading Avro"),
    ("_event_reader", "reading Avro"),
    ("schemas/contract/reading.py", "reading Avro"),
    ("read_record", "reading Avro"),
    ("Codec.encode", "writing Avro"),
    ("schemas/contract/writing.py", "writing Avro"),
    ("State.scan", "state: scanning"),
    ("StateStore.commit", "state: writing"),
    ("streams/state.py", "state: reading"),
    ("schemas/contract/ids.py", "ids and pseudonyms"),
    ("streams/rules/", "rules"),
    ("streams/matching/", "comparing with the register"),
    ("streams/decide.py", "deciding"),
    ("streams/projection/", "making rows"),
    ("clickhouse_connect/", "inserting rows"),
    ("streams/rows.py", "making rows"),
    ("streams/sink.py", "inserting rows"),
    ("infra/kafka/producer.py", "handing outputs to the producer"),
    ("aiokafka/", "taking records from the broker"),
    ("infra/kafka/reference.py", "reference data"),
    ("schemas/domain/reference.py", "reference data"),
    ("streams/stage.py", "the runtime's own"),
    ("streams/worker.py", "the runtime's own"),
    ("streams/batching.py", "the runtime's own"),
    ("streams/held.py", "the runtime's own"),
    ("streams/runner.py", "the runtime's own"),
    ("streams/share.py", "the runtime's own"),
    ("streams/", "the stage's own"),
    ("faust/", "Faust and the event loop"),
    ("mode/", "Faust and the event loop"),
    ("asyncio/", "Faust and the event loop"),
    ("selectors.py", "Faust and the event loop"),
)
"""A sample counts for the first of these that its innermost frame names."""
STARTING = ("<frozen importlib", "StageWorker.__init__", "wait_ready", "collect_seldom")
"""Samples of the start belong to no stage's work."""


def profiles(_settings: Settings) -> list[Figure]:
    samples = dict[str, Counter[str]]()
    rates = measured(
        PEOPLE, run=lambda stack, stage, backlog: _profiled(stack, stage, backlog, samples)
    )
    figures = list[Figure]()
    for stage in STAGES:
        figures += _figures(stage, samples[stage], rates[stage])
    return figures


def _figures(stage: str, samples: Counter[str], rate: Measured) -> Iterator[Figure]:
    total = samples.total()
    circumstances = {
        "samples": total,
        "records": rate.circumstances["records"],
        "records_per_second_under_the_profiler": round(rate.per_second),
    }
    for doing, count in samples.most_common(SHOWN):
        yield Figure(
            f"profile: {stage}, {doing}", 100 * count / total, "%", None, False, circumstances
        )


def _profiled(
    stack: RunningStack, stage: str, backlog: int, samples: dict[str, Counter[str]]
) -> Measured:
    """Measures a stage under the profiler.

    The last backlog counts where a stage works off several.
    """
    with _under_the_profiler(stack, stage) as file:
        rate = worked_off(stack, stage, backlog)
    samples[stage] = counted(file.read_text(encoding="utf-8"))
    return rate


@contextmanager
def _under_the_profiler(stack: RunningStack, stage: str) -> Iterator[Path]:
    stack.require(*stack.unit(stage).part.needs)
    file = stack.settings.data_dir / f"profile-{stage}.txt"
    port = metrics_port(stack.settings, stage, 0)
    worker = [sys.executable, "-m", "streams", stage, "--worker", "0", "--metrics-port", str(port)]
    options = ["--gil", "--rate", str(SAMPLES_PER_SECOND), "--format", "raw", "--output", str(file)]
    profiler = [
        str(environment(stack.settings, PROFILER_LOCK) / "py-spy"),
        "record",
        *options,
        "--",
        *worker,
    ]
    with (stack.settings.data_dir / "profiler.log").open("ab") as log:
        running = subprocess.Popen(
            profiler, env=stack.env, cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield file
    finally:
        for child in psutil.Process(running.pid).children():
            child.terminate()
        running.wait(END_S)


def counted(raw: str) -> Counter[str]:
    """Returns samples by doing, from lines of frames, the innermost last, with a count."""
    samples = Counter[str]()
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        if not any(beginning in stack for beginning in STARTING):
            samples[_doing(stack.split(";"))] += int(count)
    return samples


def _doing(frames: list[str]) -> str:
    for frame in reversed(frames):
        for part, doing in DOINGS:
            if part in frame:
                return doing
    return "other"
