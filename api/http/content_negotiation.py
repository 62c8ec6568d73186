"""The media type in which an answer comes, chosen by the `Accept` header (RFC 9110, 12.5.1)."""

from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from api.http.problems import Problem

K = TypeVar("K", bound=StrEnum)


def accepted(accept: str, kinds: type[K], what: str) -> K:
    """Returns the kind of highest quality; of several, the one that the header names first.

    A wildcard gives the first of `kinds`, which is JSON where there is JSON. Raises `Problem` where
    no kind is accepted; `what` names the answer in it.
    """
    header = _without_parameters(parse_accept_header(accept or "*/*", MIMEAccept))
    acceptable = [kind for kind in kinds if header.quality(kind) > 0]
    if acceptable:
        return min(acceptable, key=lambda kind: (-header.quality(kind), header.find(kind)))
    *others, last = kinds
    detail = f"{what} comes as {', '.join(others)} or {last}"
    raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail)


def _without_parameters(header: MIMEAccept) -> MIMEAccept:
    """Drops all parameters but the quality: `text/csv; charset=utf-8` asks for `text/csv`."""
    return MIMEAccept(
        [(media_type.partition(";")[0].strip(), quality) for media_type, quality in header]
    )
