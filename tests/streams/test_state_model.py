"""A store beside plain dictionaries, under any sequence of operations."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.streams.stores import (
    KEYS,
    KINDS,
    Kept,
    commit,
    position,
    seen,
    write,
)

Write = tuple[bytes, bytes | None]
"""A write deletes where there is no value."""
WRITES: st.SearchStrategy[list[Write]] = st.lists(
    st.tuples(st.sampled_from(KEYS), st.none() | st.binary(max_size=3)), max_size=4
)
PARTITIONS = range(3)


class BesideAModel(RuleBasedStateMachine):
    """Dictionaries hold what is committed, what the batch under way sees, and positions."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self._kept = kept
        self._committed: dict[bytes, bytes] = {}
        self._positions: dict[int, int] = {}
        self.give_up()

    @rule()
    def give_up(self) -> None:
        self._work, self._pending = self._kept.store.begin(), dict(self._committed)

    @rule(writes=WRITES)
    def write(self, writes: list[Write]) -> None:
        write(self._work, writes)
        self._model(writes)

    @rule(writes=WRITES, taken_over=st.booleans())
    def write_within(self, writes: list[Write], taken_over: bool) -> None:
        child = self._work.nested()
        write(child, writes)
        if taken_over:
            self._work.absorb(child)
            self._model(writes)

    @rule(partition=st.sampled_from(PARTITIONS), next_offset=st.integers(0, 1 << 40))
    def commit(self, partition: int, next_offset: int) -> None:
        commit(self._kept, self._work, next_offset, partition=partition)
        self._committed, self._positions[partition] = self._pending, next_offset
        self.give_up()

    @rule()
    def reopen(self) -> None:
        self._kept.reopen()
        self.give_up()

    @invariant()
    def agrees(self) -> None:
        assert seen(self._work) == self._pending
        assert seen(self._kept.store) == self._committed
        assert {number: position(self._kept, partition=number) for number in PARTITIONS} == {
            number: self._positions.get(number) for number in PARTITIONS
        }

    def teardown(self) -> None:
        self._kept.store.close()

    def _model(self, writes: list[Write]) -> None:
        self._pending = {
            key: value for key, value in (self._pending | dict(writes)).items() if value is not None
        }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_any_sequence_of_operations_leaves_what_plain_dictionaries_hold(
    kind: Callable[[Path], Kept], tmp_path_factory: pytest.TempPathFactory
) -> None:
    def machine() -> BesideAModel:
        return BesideAModel(kind(tmp_path_factory.mktemp("kept")))

    played = settings(max_examples=40, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(machine, settings=played)  # type: ignore[arg-type] # it takes any maker, not classes alone
