"""The kinds of response in which a forward trace comes, and how one is chosen and made."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from subprocess import SubprocessError
from typing import Any, NamedTuple

import msgspec

from api.http.content_negotiation import accepted
from api.http.workbook import XLSX, in_export_thread
from api.tracing.dossier import as_pdf
from api.tracing.export_values import crowded_out, not_followed
from api.tracing.forward_trace import ForwardTrace
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
"""The route's documentation lists these; it knows JSON by itself."""
SLOW = Kind.XLSX, Kind.PDF


def accepted_kind(accept: str) -> Kind:
    """Returns the kind that the header prefers. Raises `Problem` where none of ours is accepted."""
    return accepted(accept, Kind, "a trace")


class Export(NamedTuple):
    content: bytes | str
    media_type: str
    headers: dict[str, str]


async def export_of(trace: ForwardTrace, kind: Kind) -> Export:
    """Returns the trace in its kind. Raises `Unavailable` where the typesetter fails."""
    write = partial(_content, trace, kind, datetime.now(UTC))
    try:
        content = await in_export_thread(write) if kind in SLOW else write()
    except SubprocessError as failed:
        raise Unavailable("the press of dossiers", type(failed).__name__) from failed
    media_type = f"{kind}; charset=utf-8" if kind is Kind.CSV else kind
    return Export(content, media_type, _headers(trace))


def _headers(trace: ForwardTrace) -> dict[str, str]:
    """Says how much was cut off and how much was learnt since: a table has no room for it."""
    counts = {
        "X-Stays": trace.stays,
        "X-Unlisted": crowded_out(trace),
        "X-Not-Followed": not_followed(trace),
    }
    if trace.known_at is not None:
        counts["X-Learnt-Since"] = len(trace.learnt_since)
        counts["X-Withdrawn-Since"] = len(trace.withdrawn_since)
        counts["X-Moved-Since"] = len(trace.reassigned_since)
    return {name: str(count) for name, count in counts.items()}


def _content(trace: ForwardTrace, kind: Kind, now: datetime) -> bytes | str:
    match kind:
        case Kind.JSON:
            return msgspec.json.encode(trace)
        case Kind.CSV:
            return as_csv(trace.people)
        case Kind.GRAPHML:
            return as_graphml(trace)
        case Kind.XLSX:
            return as_xlsx(trace)
        case Kind.PDF:
            return as_pdf(trace, now)
