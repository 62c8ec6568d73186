"""Says how long the sink rests between inserts: few large ones under load, at once when idle."""

FULL_ROWS = 2_000
"""A batch this large is not followed by a pause."""
REST_PER_WORK = 20
"""Length of the pause after an insert, as a multiple of the insert's own time, up to a limit.

Inserts that take long say that ClickHouse, or the machine, has enough to do: fewer and larger ones
follow then.
"""
MAX_REST_S = 3.0


def rest_s(rows: int, since_last_s: float, took_s: float, pace_s: float) -> float:
    """Returns how long to rest after a batch, in seconds.

    There are few large inserts under load, and inserts at once when idle: a small batch soon after
    another lets the next one grow. A pace of 0 means no rest at all.
    """
    if rows >= FULL_ROWS or not pace_s:
        return 0.0
    apart_s = min(max(pace_s, REST_PER_WORK * took_s), MAX_REST_S)
    return max(0.0, apart_s - since_last_s)
