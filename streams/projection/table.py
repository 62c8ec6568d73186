"""How an event becomes a row."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

Row = tuple[Any, ...]
Column = str | Callable[[Any, int], Any]


class Table:
    """`columns` maps a column to the event's attribute of the same meaning, or to a function of event and offset."""

    def __init__(self, name: str, columns: Mapping[str, Column]) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.row = _row_maker(list(columns.values()))


def _row_maker(columns: list[Column]) -> Callable[[Any, int], Row]:
    """One attribute look-up for all plain columns of a row: this runs for every row of the system."""
    plain = attrgetter(*(column for column in columns if isinstance(column, str)))
    if all(isinstance(column, str) for column in columns):
        return lambda event, offset: plain(event)
    computed = [(place, column) for place, column in enumerate(columns) if callable(column)]

    def row(event: Any, offset: int) -> Row:
        values = list(plain(event))
        for place, column in computed:
            values.insert(place, column(event, offset))
        return tuple(values)

    return row


def offset(event: Any, offset: int) -> int:
    return offset


def constant(value: Any) -> Callable[[Any, int], Any]:
    return lambda event, offset: value


def or_empty(attribute: str) -> Callable[[Any, int], Any]:
    """The attribute, or an empty string where the event has none."""
    get = attrgetter(attribute)
    return lambda event, offset: get(event) or ""
