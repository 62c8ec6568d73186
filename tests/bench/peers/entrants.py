"""Lists the entrants, each with the settings of its own documentation and what they mean.

The settings are those for durable work that loses nothing.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.settings import Settings
from infra.stack.java import java
from tests.bench.environments import QUIX_LOCK, environment
from tests.bench.peers.install import streams_classes

HEAP_MB = 1_024


@dataclass(frozen=True, slots=True)
class Entrant:
    """A runtime that takes part.

    `harmed` says whether it is killed and judged, too: one of each kind whose scans survive its
    process.
    """

    name: str
    settings: str
    command: Callable[[Settings, Path], list[str]]
    """The command is given the file with its task."""
    options: Mapping[str, str] = field(default_factory=dict)
    harmed: bool = True


def python(module: str) -> Callable[[Settings, Path], list[str]]:
    return lambda _settings, task: [sys.executable, "-m", f"tests.bench.peers.{module}", str(task)]


def quix(settings: Settings, task: Path) -> list[str]:
    return [
        str(environment(settings, QUIX_LOCK) / "python"),
        "-m",
        "tests.bench.peers.quix",
        str(task),
    ]


def kafka_streams(settings: Settings, task: Path) -> list[str]:
    flags = [
        f"-Xmx{HEAP_MB}m",
        f"-Djava.io.tmpdir={task.parent}",
        "--enable-native-access=ALL-UNNAMED",
    ]
    return [
        java(),
        *flags,
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        streams_classes(settings),
        "ImpossibleSpeed",
        str(task),
    ]


OURS, OURS_IN_PYTHON, OURS_IN_MEMORY, QUIX, STREAMS, STREAMS_ONCE, FAUST, CEILING = ENTRANTS = (
    Entrant(
        "ours",
        "state and position in one write of RocksDB after each batch; "
        "offset to the broker each second",
        python("ours"),
    ),
    Entrant(
        "ours, without a compiler",
        "the same on a machine without a C compiler",
        python("ours"),
        {"avro": "python"},
        harmed=False,
    ),
    Entrant(
        "ours, in memory",
        "the same as the first without a database",
        python("ours"),
        {"state": "memory"},
        harmed=False,
    ),
    Entrant(
        "Quix Streams", "at-least-once, checkpoint every 5 s (default), RocksDB and changelog", quix
    ),
    Entrant(
        "Kafka Streams",
        "at_least_once, commit every 30 s (default), RocksDB with cache and changelog, one thread",
        kafka_streams,
    ),
    Entrant(
        "Kafka Streams, exactly once",
        "exactly_once_v2, commit every 0.1 s (default), RocksDB with cache and changelog, "
        "one thread",
        kafka_streams,
        {"processing.guarantee": "exactly_once_v2"},
    ),
    Entrant(
        "stock Faust",
        "at_least_once, commit every 2.8 s (default), table in RocksDB and changelog",
        python("stock_faust"),
    ),
    Entrant(
        "plain loop",
        "confluent-kafka, a dictionary that dies with it, flush and commit after each batch",
        python("ceiling"),
        harmed=False,
    ),
)
