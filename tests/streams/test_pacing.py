"""How long the sink rests between inserts."""

import pytest

from streams.pacing import FULL_ROWS, MAX_REST_S, rest_s


@pytest.mark.parametrize(
    ("rows", "since_last_s", "took_s", "rest"),
    [
        (10, 60.0, 0.01, 0.0),  # idle: at once
        (10, 0.1, 0.01, 0.4),  # soon after another: the pace, half a second, from one to the next
        (10, 0.1, 0.1, 1.9),  # inserts that take long: twenty times as long
        (10, 0.1, 9.0, MAX_REST_S - 0.1),
        (10, 5.0, 9.0, 0.0),
        (FULL_ROWS, 0.1, 0.1, 0.0),
    ],
)
def test_small_batches_wait_for_the_next_one_to_grow_and_longer_where_inserts_take_long(
    rows: int, since_last_s: float, took_s: float, rest: float
) -> None:
    assert rest_s(rows, since_last_s, took_s, 0.5) == pytest.approx(rest)


def test_without_a_pace_nothing_waits() -> None:
    assert rest_s(10, 0.0, 9.0, 0.0) == 0.0
