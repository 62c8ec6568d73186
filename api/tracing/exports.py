"""As what a forward trace comes: which kind is accepted, and the response of that kind."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from subprocess import SubprocessError
from typing import Any

import orjson
from starlette.responses import Response

from api.http.content_negotiation import accepted
from api.http.workbook import XLSX, at_leisure
from api.tracing.answers import Answer, not_followed_of, unlisted_of
from api.tracing.dossier import as_pdf
from api.tracing.graph import as_graphml
from api.tracing.sheet import as_xlsx
from api.tracing.table import as_csv
from infra.errors import Unavailable


class Kind(StrEnum):
    JSON = "application/json"
    CSV = "text/csv"
    GRAPHML = "application/graphml+xml"
    XLSX = XLSX
    PDF = "application/pdf"


CONTENTS: dict[str, Any] = {kind.value: {} for kind in Kind if kind is not Kind.JSON}
"""For the route's documentation, which knows JSON by itself."""
SLOW = Kind.XLSX, Kind.PDF


def chosen(accept: str) -> Kind:
    """Raises `Problem` where none of ours is accepted."""
    return accepted(accept, Kind, "a trace")


async def written(answer: Answer, kind: Kind) -> Response:
    write = partial(_content, answer, kind, datetime.now(UTC))
    try:
        content = await at_leisure(write) if kind in SLOW else write()
    except SubprocessError as failed:
        raise Unavailable("the press of dossiers", type(failed).__name__) from failed
    # A table has no room for what was cut off, nor for what has been learnt since: headers tell how much.
    cut = {
        "X-Stays": answer["stays"],
        "X-Unlisted": unlisted_of(answer),
        "X-Not-Followed": not_followed_of(answer),
    }
    if answer["known_at"]:
        cut |= {
            f"X-{name.title()}-Since": len(answer[f"{name}_since"])
            for name in ("learnt", "withdrawn", "moved")
        }
    return Response(
        content,
        media_type=f"{kind}; charset=utf-8" if kind is Kind.CSV else kind,
        headers={name: str(count) for name, count in cut.items()},
    )


def _content(answer: Answer, kind: Kind, now: datetime) -> bytes | str:
    match kind:
        case Kind.JSON:
            return orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)
        case Kind.CSV:
            return as_csv(answer["people"])
        case Kind.GRAPHML:
            return as_graphml(answer)
        case Kind.XLSX:
            return as_xlsx(answer)
        case Kind.PDF:
            return as_pdf(answer, now)
