"""Forward traces: the route, and the trace itself for other doors.

They are computed in the process that traces (`forward_answer.py`).
"""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import Services, ServicesDep
from api.http.problems import problems
from api.tracing import forward_description
from api.tracing.exports import CONTENTS, accepted_kind
from api.tracing.forward_trace import ForwardTrace
from api.tracing.trace_request import ForwardIn
from api.tracing.trace_services import known_rules

router = APIRouter(prefix="/traces", tags=["traces"])


@router.post(
    "/forward",
    response_model=forward_description.ForwardTrace,
    responses=problems(406) | {200: {"content": CONTENTS}},
)
async def trace_forward(
    http_request: Request,
    account: Annotated[Account, requires("tracer")],
    services: ServicesDep,
    body: ForwardIn,
) -> Response:
    """Traces whom a case may have infected, and writes nothing.

    Ask under other rules, with milestones added, or as known earlier, and hold the answers side by
    side. By `Accept` it comes as JSON, a table (`text/csv`), a workbook (XLSX), a dossier to print
    (`application/pdf`) or a graph (`application/graphml+xml`). Headers tell what was cut off, and
    how many people were learnt of and withdrawn since `known_at`.
    """
    kind = accepted_kind(http_request.headers.get("accept", "*/*"))
    rules = known_rules(services)
    export = await services.tracer.call("forward_export", rules, body, kind)
    return Response(export.content, media_type=export.media_type, headers=export.headers)


async def forward_trace_of(services: Services, request: ForwardIn) -> ForwardTrace:
    """Traces the case. Raises `Problem` for a request that leaves open what it should say."""
    encoded = await services.tracer.call("forward", known_rules(services), request)
    return msgspec.msgpack.decode(encoded, type=ForwardTrace)
