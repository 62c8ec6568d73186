"""Makes one kind of event from another: fields that both have by name are copied.

Which fields these are is found out once, when a module is loaded: the copying runs for every event.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields

T = TypeVar("T", bound=Struct)


def maker(source: type[Struct], target: type[T]) -> Callable[[Any, Mapping[str, Any]], T]:
    """Returns a function that makes a `target` of a `source` event and of the other fields.

    That function raises `KeyError` if one of the other fields is missing. `maker` itself raises
    `TypeError` if a field has another type in the source than in the target.
    """
    shared = shared_fields(source, target)
    others = [name for name in target.__struct_fields__ if name not in shared]
    names = (*shared, *others)
    shared_values = attrgetter(*shared)
    other_values = itemgetter(*others)
    positions = [names.index(name) for name in target.__struct_fields__]
    in_order = itemgetter(*positions)

    def make(event: Any, other_fields: Mapping[str, Any]) -> T:
        values = shared_values(event) + other_values(other_fields)
        return target(*in_order(values))

    return make


def shared_fields(source: type[Struct], target: type[Struct]) -> tuple[str, ...]:
    types = {field.name: field.type for field in fields(source)}
    shared = []
    for field in fields(target):
        if field.name not in types:
            continue
        if field.type != types[field.name]:
            raise TypeError(
                f"{field.name} is of two types in {source.__name__} and {target.__name__}"
            )
        shared.append(field.name)
    return tuple(shared)
