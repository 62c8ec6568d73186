"""The stream of flags without a broker: slow listeners, and the ids by which clients come back."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.backends.flag_stream import MAX_WAITING, Change, Listener, id_of, positions_of

OFFSETS = st.integers(0, 2**62)


def change(number: int) -> Change:
    return "raised", str(number), {}


def test_a_listener_too_slow_hears_all_that_was_kept_in_order_and_is_let_go() -> None:
    async def listening() -> None:
        listener = Listener({0: 0})
        for number in range(MAX_WAITING + 50):
            listener.hear(change(number))
        await asyncio.sleep(0)
        assert [await listener.next(1) for _ in range(MAX_WAITING)] == [
            change(number) for number in range(MAX_WAITING)
        ]
        assert await listener.next(1) is None

    asyncio.run(listening())


def test_a_listener_that_hears_nothing_waits_for_a_bounded_time() -> None:
    async def listening() -> None:
        with pytest.raises(TimeoutError):
            await Listener({0: 0}).next(0.01)

    asyncio.run(listening())


@given(st.dictionaries(st.integers(0, 40), OFFSETS, min_size=1))
def test_an_id_says_the_positions_it_was_made_of(heard: dict[int, int]) -> None:
    assert positions_of(id_of(heard, "topic"), heard, "topic") == heard


@given(st.text(max_size=30))
def test_no_text_is_taken_for_positions_that_the_stream_has_not_reached(text: str) -> None:
    now = {0: 5, 1: 7}
    said = positions_of(text, now, "topic")
    assert said is None or (
        set(said) == set(now) and all(said[partition] <= now[partition] for partition in now)
    )


def test_an_id_of_another_log_is_not_taken_for_one_of_this() -> None:
    assert positions_of(id_of({0: 3}, "topic"), {0: 5}, "made anew") is None
    assert positions_of("3", {0: 5}, "topic") == {0: 3}  # as earlier releases wrote it
