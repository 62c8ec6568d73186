"""Records come back at their offsets, through one producer for all partitions."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.errors import SetupError
from infra.kafka.log_identity import LogId, PartitionLog
from infra.settings import Settings
from infra.tools.backup import topics
from infra.tools.backup.manifest import CopiedPartition
from infra.tools.backup.store import Store
from infra.tools.backup.topics import FLUSH_S, LogWriter, copy_partition, restore_partition
from schemas.contract.topics import DECLARATIONS
from tests.plain_settings import plain_settings


class Record:
    def __init__(self, topic: str, partition: int, offset: int, value: bytes | None) -> None:
        self._place, self._offset, self._value = (topic, partition), offset, value

    def topic(self) -> str:
        return self._place[0]

    def partition(self) -> int:
        return self._place[1]

    def offset(self) -> int:
        return self._offset

    def key(self) -> bytes:
        return b"key"

    def value(self) -> bytes | None:
        return self._value

    def timestamp(self) -> tuple[int, int]:
        return 1, 1_631_000_000_000


class Broker:
    """Holds what producers write, at offsets from 0 on."""

    def __init__(self) -> None:
        self.logs: defaultdict[tuple[str, int], list[bytes | None]] = defaultdict(list)
        self.configs: list[dict[str, Any]] = []

    def producer(self, config: dict[str, Any]) -> "Broker":
        self.configs.append(config)
        return self

    def produce(
        self,
        topic: str,
        value: bytes | None,
        _key: bytes | None,
        partition: int,
        on_delivery: Callable[[None, Record], None],
        timestamp: int,
    ) -> None:
        log = self.logs[topic, partition]
        log.append(value)
        on_delivery(None, Record(topic, partition, len(log) - 1, value))

    def poll(self, _timeout_s: float) -> int:
        return 0

    def flush(self, _timeout_s: float) -> int:
        return 0


@pytest.fixture
def settings() -> Settings:
    return plain_settings()


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    broker = Broker()
    monkeypatch.setattr(topics, "Producer", broker.producer)
    return broker


def copied(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch, offsets: range, start: int
) -> CopiedPartition:
    """Returns what a copy says of a log that began at `start` when it was asked."""
    records = [Record("declarations", 0, offset, b"%d" % offset) for offset in offsets]
    monkeypatch.setattr(topics, "between", lambda *_: iter(records))
    log = PartitionLog(LogId("cluster", "topic"), start, offsets.stop)
    return copy_partition(settings, store, DECLARATIONS, 0, log)


def test_many_partitions_have_one_producer(
    settings: Settings, broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, writer = Store(str(tmp_path)), LogWriter(settings)
    first = copied(settings, store, monkeypatch, range(3), 0)
    second = CopiedPartition("declarations", "topic", 1, 0, 3, first.file)
    for partition in (first, second):
        restore_partition(settings, store, writer, partition)
    assert broker.logs == {
        ("declarations", 0): [b"0", b"1", b"2"],
        ("declarations", 1): [b"0", b"1", b"2"],
    }
    (config,) = broker.configs
    assert config["message.timeout.ms"] == FLUSH_S * 1000, "they wait for all before them"


def test_a_beginning_that_moved_during_the_copy_is_where_the_first_record_is(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path))
    assert copied(settings, store, monkeypatch, range(5, 8), 2).start == 5
    assert copied(settings, store, monkeypatch, range(8, 8), 8).start == 8


@pytest.mark.usefixtures("broker")
def test_a_partition_that_ends_elsewhere_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, writer = Store(str(tmp_path)), LogWriter(settings)
    partition = copied(settings, store, monkeypatch, range(3), 0)
    restore_partition(settings, store, writer, partition)
    with pytest.raises(SetupError, match=r"declarations\[0\] ends at 6 .* not at 3"):
        restore_partition(settings, store, writer, partition)
