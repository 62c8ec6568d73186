"""As what an answer comes, of the kinds that a route has."""

from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar

from api.http.problems import Problem

K = TypeVar("K", bound=StrEnum)


def accepted(accept: str, kinds: type[K], what: str) -> K:
    """The first media type of the header that is one of ours; the first of ours, JSON, where anything will do. Raises `Problem` where none
    of ours is accepted."""
    *others, last = kinds
    for media_type in (part.split(";")[0].strip() for part in accept.split(",")):
        if media_type in ("application/*", "*/*", ""):
            return [*others, last][0]
        if media_type in tuple(kinds):
            return kinds(media_type)
    raise Problem(
        HTTPStatus.NOT_ACCEPTABLE,
        "not-acceptable",
        f"{what} comes as {', '.join(others)} or {last}",
    )
