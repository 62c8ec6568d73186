"""The shape every stage has, through the stage: guard, dead letters and their limit, retries, positions."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.errors import Unavailable
from infra.kafka.producer import Output
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Busy, Poison
from schemas.contract.events import DeadLetter, DeclarationSubmitted
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS, JOURNAL
from streams import runner as runner_module
from streams.dead_letters import DeadLetters
from streams.errors import OffsetGap, StageHeld, StateLost, Superseded
from streams.runner import Runner
from streams.stage import Received, Sent
from streams.state import State
from tests.streams.fakes import MemoryStore
from tests.streams.people import declaration


@dataclass
class Record:
    value: bytes | None
    offset: int
    topic: str = DECLARATIONS.name
    partition: int = 0
    key: bytes | None = b"key"


class Broker:
    """Keeps what was written; refuses as often as it is told to."""

    def __init__(self, refusals: int = 0) -> None:
        self.written: list[Output] = []
        self.refusals = refusals

    async def write(self, outputs: Iterable[Output]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("kafka", "it is told to refuse")
        self.written += outputs


class SlowBroker:
    """Keeps everybody waiting until it lets go."""

    def __init__(self) -> None:
        self.waiting, self.let_go = 0, asyncio.Event()

    async def write(self, outputs: Iterable[Output]) -> None:
        self.waiting += 1
        await self.let_go.wait()


class ParticularStore(MemoryStore):
    """Can never hold what came of one event."""

    def __init__(self, refused: str) -> None:
        super().__init__()
        self._refused = declaration(refused).event_id.encode()

    async def commit(self, work: State, topic: str, partition: int, next_offset: int) -> None:
        if self._refused in work.writes:
            raise Poison("a value does not fit its column")
        await super().commit(work, topic, partition, next_offset)


class Copying:
    """Counts each declaration under its id and passes it on; fails on purposes that say so."""

    name = "copying"
    inputs = (DECLARATIONS,)
    silent_replay = True

    def __init__(self) -> None:
        self.busy = 0

    def fold(self, records: Sequence[Received[DeclarationSubmitted]], work: State) -> list[Sent]:
        if self.busy:
            self.busy -= 1
            raise Busy("not yet")
        sent = []
        for record in records:
            event = record.event
            work.put(
                event.event_id.encode(), b"%d" % (int(work.get(event.event_id.encode()) or 0) + 1)
            )
            if event.purpose == "fail":
                raise RuntimeError("a bug")
            sent.append(Sent(JOURNAL, event.document_key, event))
        return sent


class Bench:
    def __init__(self, codec: Codec, directory: Path, *, most: int = 10, refusals: int = 0) -> None:
        self.codec, self.store, self.broker, self.stage = (
            codec,
            MemoryStore(),
            Broker(refusals),
            Copying(),
        )
        self.letters = DeadLetters(
            "copying", directory, Settings(dead_letters_max=most, dead_letters_window_s=60)
        )
        self.runner: Runner[State] = Runner(
            self.stage, self.store, codec, self.broker, self.letters
        )  # type: ignore[arg-type] # a fake broker

    def records(self, *names: str, first: int = 0, **said: Any) -> list[Record]:
        return [
            Record(self.codec.encode(declaration(name, **said)), first + place)
            for place, name in enumerate(names)
        ]

    def run(self, records: list[Record]) -> None:
        asyncio.run(self.runner.run(records))

    @property
    def position(self) -> int | None:
        return self.store.positions.get((DECLARATIONS.name, 0))

    def letters_written(self) -> list[DeadLetter]:
        events = [
            self.codec.decode(output.value)
            for output in self.broker.written
            if output.topic.name == "declarations-dlq"
        ]
        return [event for event in events if isinstance(event, DeadLetter)]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "FIRST_RETRY_S", 0.0)


@pytest.fixture
def bench(codec: Codec, tmp_path: Path) -> Bench:
    return Bench(codec, tmp_path)


def test_batch_is_written_and_its_position_kept_with_its_effect(bench: Bench) -> None:
    bench.run(bench.records("a", "b"))
    assert (len(bench.broker.written), len(bench.store.values), bench.position) == (2, 2, 2)


def test_poison_is_set_aside_whole_and_the_rest_goes_on(bench: Bench) -> None:
    bench.run([*bench.records("a"), Record(b"{}", 1), *bench.records("b", first=2)])
    letter = bench.letters_written()[0]
    assert (letter.kind, letter.record_value, letter.source_offset, letter.stage) == (
        "poison",
        b"{}",
        1,
        "copying",
    )
    assert (len(bench.store.values), bench.position) == (2, 3)


def test_bug_on_one_record_sets_that_one_aside_without_half_of_its_effect(bench: Bench) -> None:
    bench.run(
        [
            *bench.records("a"),
            *bench.records("bad", first=1, purpose="fail"),
            *bench.records("b", first=2),
        ]
    )
    assert [letter.kind for letter in bench.letters_written()] == ["unexpected"]
    assert set(bench.store.values) == {declaration(name).event_id.encode() for name in ("a", "b")}
    assert set(bench.store.values.values()) == {b"1"}


@pytest.mark.parametrize("refused", ["a", "c", "e"])
def test_what_the_store_can_never_hold_is_set_aside_and_the_rest_of_the_batch_goes_on(
    bench: Bench, refused: str
) -> None:
    names = "abcde"
    bench.runner._store = bench.store = ParticularStore(refused)
    bench.run(bench.records(*names))
    letters = [(one.kind, one.source_offset, one.reason) for one in bench.letters_written()]
    assert letters == [("poison", names.index(refused), "a value does not fit its column")]
    assert (set(bench.store.values), bench.position) == (
        {declaration(name).event_id.encode() for name in names if name != refused},
        5,
    )


def test_a_corrupt_database_is_no_fault_of_the_record_it_was_found_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def corrupt(key: bytes) -> bytes:
        raise StateLost("corrupt")

    monkeypatch.setattr(bench.store, "get", corrupt)
    with pytest.raises(StateLost):
        bench.run(bench.records("a"))
    assert (bench.broker.written, bench.position) == ([], None)


def test_too_many_dead_letters_hold_the_stage_and_keep_nothing_of_the_batch(
    codec: Codec, tmp_path: Path
) -> None:
    bench = Bench(codec, tmp_path, most=2)
    bench.run([Record(b"{}", 0), Record(b"{}", 1)])
    with pytest.raises(StageHeld, match="limit 2"):
        bench.run([Record(b"{}", 2), *bench.records("a", first=3)])
    assert (bench.position, bench.letters.held, len(bench.letters_written())) == (2, True, 2)


def test_a_restart_does_not_buy_another_allowance(codec: Codec, tmp_path: Path) -> None:
    Bench(codec, tmp_path, most=2).run([Record(b"{}", 0), Record(b"{}", 1)])
    with pytest.raises(StageHeld):
        Bench(codec, tmp_path, most=2).run([Record(b"{}", 0)])


def test_an_unexpected_failure_counts_double(codec: Codec, tmp_path: Path) -> None:
    with pytest.raises(StageHeld):
        Bench(codec, tmp_path, most=1).run(Bench(codec, tmp_path).records("bad", purpose="fail"))


def test_busy_and_unavailable_are_waited_for_and_nothing_is_lost_or_doubled(
    codec: Codec, tmp_path: Path
) -> None:
    bench = Bench(codec, tmp_path, refusals=3)
    bench.stage.busy = 2
    bench.run(bench.records("a"))
    assert (list(bench.store.values.values()), len(bench.broker.written), bench.position) == (
        [b"1"],
        1,
        1,
    )


def test_a_batch_that_another_has_by_now_leaves_nothing_behind(bench: Bench) -> None:
    def lost() -> None:
        raise Superseded("generation 1 has ended")

    with pytest.raises(Superseded):
        asyncio.run(bench.runner.run(bench.records("a"), lost))
    assert (bench.broker.written, bench.store.values, bench.position) == ([], {}, None)


def test_ownership_is_asked_for_again_before_every_try(bench: Bench) -> None:
    answers = [Busy("not confirmed"), Busy("not confirmed"), None]

    def check() -> None:
        assert not bench.broker.written
        if (answer := answers.pop(0)) is not None:
            raise answer

    asyncio.run(bench.runner.run(bench.records("a"), check))
    assert (answers, len(bench.broker.written), bench.position) == ([], 1, 1)


def test_records_before_the_position_are_not_folded_again(bench: Bench) -> None:
    bench.run(bench.records("a", "b"))
    bench.run(bench.records("a", "b", "c"))
    assert list(bench.store.values.values()) == [b"1", b"1", b"1"]


def test_a_gap_after_the_position_stops_the_stage(bench: Bench) -> None:
    bench.run(bench.records("a"))
    with pytest.raises(OffsetGap, match="expected offset 1, got 5"):
        bench.run(bench.records("f", first=5))


def test_lost_state_is_folded_again_in_silence_up_to_what_was_finished(bench: Bench) -> None:
    bench.runner.replay_until = {(DECLARATIONS.name, 0): 2}
    bench.run(bench.records("a", "b", "c"))
    assert (len(bench.store.values), len(bench.broker.written), bench.position) == (3, 1, 3)


def test_what_was_set_aside_before_is_neither_set_aside_nor_counted_again_when_state_is_folded_again(
    codec: Codec, tmp_path: Path
) -> None:
    bench = Bench(codec, tmp_path, most=1)
    bench.runner.replay_until = {(DECLARATIONS.name, 0): 3}
    bench.run([*bench.records("a"), Record(b"{}", 1), Record(b"{}", 2), Record(b"{}", 3)])
    assert [letter.source_offset for letter in bench.letters_written()] == [3]
    assert (len(bench.store.values), bench.position, bench.letters.held) == (1, 4, False)


def test_a_batch_tried_again_leaves_out_what_was_finished_meanwhile(bench: Bench) -> None:
    """As when a rebuild swapped in tables that are further on."""
    bench.broker.refusals = 1
    refuse = bench.broker.write

    async def write(outputs: Iterable[Output]) -> None:
        bench.store.positions[DECLARATIONS.name, 0] = 1
        await refuse(outputs)

    bench.broker.write = write  # type: ignore[method-assign] # the fake moves the position while it refuses
    bench.run(bench.records("a", "b"))
    assert (set(bench.store.values), bench.position) == ({declaration("b").event_id.encode()}, 2)


def test_a_batch_tried_again_that_starts_after_the_position_stops_the_stage(bench: Bench) -> None:
    """As when a rebuild swapped in tables that are not as far."""
    bench.run(bench.records("a", "b"))
    bench.broker.refusals = 1
    refuse = bench.broker.write

    async def write(outputs: Iterable[Output]) -> None:
        bench.store.positions[DECLARATIONS.name, 0] = 1
        await refuse(outputs)

    bench.broker.write = write  # type: ignore[method-assign] # the fake moves the position while it refuses
    with pytest.raises(OffsetGap, match="expected offset 1, got 2"):
        bench.run(bench.records("c", first=2))


@pytest.mark.parametrize(("partition", "at_a_time"), [(0, 1), (1, 2)])
def test_batches_take_turns_within_a_partition_number_and_overlap_across(
    bench: Bench, partition: int, at_a_time: int
) -> None:
    """Both are of the same key, as a document's declaration and its link are: what the second folds rests on what the first wrote."""
    other = [
        Record(record.value, 0, CHECKPOINT_SCANS.name, partition) for record in bench.records("a")
    ]

    async def running() -> None:
        slow = SlowBroker()
        bench.runner._producer = slow  # type: ignore[assignment] # a fake broker
        batches = [
            asyncio.ensure_future(bench.runner.run(records))
            for records in (bench.records("a"), other)
        ]
        for _ in range(20):
            await asyncio.sleep(0)
        assert slow.waiting == at_a_time
        slow.let_go.set()
        await asyncio.gather(*batches)

    asyncio.run(running())
    assert list(bench.store.values.values()) == [b"2" if at_a_time == 1 else b"1"]
