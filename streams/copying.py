"""Makes one kind of event from another: fields that both have by name are copied.

Names and places are resolved once, when a module is loaded: this runs for every event.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields

T = TypeVar("T", bound=Struct)


def maker(source: type[Struct], target: type[T]) -> Callable[[Any, Mapping[str, Any]], T]:
    """Returns a function that makes a `target` of a `source` and of the fields it does not share.

    The function raises `KeyError` if one of those is not given. `TypeError` is raised here if a
    shared field is of two types.
    """
    shared = shared_fields(source, target)
    own = [name for name in target.__struct_fields__ if name not in shared]
    names = (*shared, *own)
    shared_values = attrgetter(*shared)
    own_values = itemgetter(*own)
    in_order = itemgetter(*(names.index(name) for name in target.__struct_fields__))

    def make(event: Any, given: Mapping[str, Any]) -> T:
        values = shared_values(event) + own_values(given)
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
