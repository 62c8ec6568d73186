"""Makes the row of a table from an event, by a mapping of columns to attributes."""

from collections.abc import Callable, Collection, Mapping
from operator import attrgetter
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct
from msgspec.structs import FieldInfo, fields

Row = tuple[Any, ...]
Column = str | Callable[[Any, int], Any]


class Table:
    """Rows of one table, made of one kind of event.

    `columns` maps a column to the event's attribute of the same meaning, or to a function of event
    and version.
    """

    def __init__(self, name: str, columns: Mapping[str, Column]) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.row = _row_maker(list(columns.values()))


def _row_maker(columns: list[Column]) -> Callable[[Any, int], Row]:
    """Returns the function that makes a row; it runs for every row of the system.

    One call gets the values of all attributes; each computed value then goes to its position.
    """
    attributes = [column for column in columns if isinstance(column, str)]
    computed = [(position, column) for position, column in enumerate(columns) if callable(column)]
    get_attributes = attrgetter(*attributes)
    if not computed:
        return lambda event, version: get_attributes(event)

    def row(event: Any, version: int) -> Row:
        values = list(get_attributes(event))
        for position, column in computed:
            values.insert(position, column(event, version))
        return tuple(values)

    return row


def same_named(
    event: type[Struct], *, without: Collection[str], nullable: Collection[str] = ()
) -> dict[str, Column]:
    """Returns a column for every field of the event, under the field's own name.

    `without` names fields that have no such column. A text that may be absent is an empty string in
    its column, unless it is named as `nullable`.
    """
    columns: dict[str, Column] = {}
    for field in fields(event):
        if field.name in without:
            continue
        if _is_optional_text(field) and field.name not in nullable:
            columns[field.name] = or_empty(field.name)
        else:
            columns[field.name] = field.name
    return columns


def _is_optional_text(field: FieldInfo) -> bool:
    options = [option for option in get_args(field.type) if option is not NoneType]
    if len(options) == len(get_args(field.type)):
        return False
    return all(map(_is_text, options))


def _is_text(kind: Any) -> bool:
    """Returns whether a type is `str`, a `Literal` of texts, or a `NewType` of either."""
    if get_origin(kind) is Literal:
        return all(isinstance(value, str) for value in get_args(kind))
    supertype = getattr(kind, "__supertype__", None)
    return kind is str or (supertype is not None and _is_text(supertype))


def version(event: Any, version: int) -> int:
    """Returns the record's version: a column computed from no attribute."""
    return version


def constant(value: Any) -> Callable[[Any, int], Any]:
    return lambda event, version: value


def or_empty(attribute: str) -> Callable[[Any, int], Any]:
    """Returns a column that has the attribute, or an empty string where the event has none."""
    get = attrgetter(attribute)
    return lambda event, version: get(event) or ""
