"""The doors remember a limited number of recent values; the oldest goes first."""

from api.backends.recent import Recent


def test_the_oldest_value_goes_first() -> None:
    recent = Recent[int](2)
    for number, key in enumerate(("a", "b", "c")):
        recent.keep(key, number)
    assert [recent.get(key) for key in ("a", "b", "c")] == [None, 1, 2]


def test_a_value_kept_again_counts_as_new_and_one_looked_up_does_not() -> None:
    recent = Recent[int](2)
    recent.keep("a", 1)
    recent.keep("b", 2)
    recent.keep("a", 3)
    assert recent.get("b") == 2
    recent.keep("c", 4)
    assert [recent.get(key) for key in ("a", "b", "c")] == [3, None, 4]


def test_a_value_is_forgotten_once_and_harmlessly_again() -> None:
    recent = Recent[int](2)
    recent.keep("a", 1)
    recent.forget("a")
    recent.forget("a")
    assert recent.get("a") is None
