"""The door at which a committee reads a list, as JSON or as a workbook."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.services import ServicesDep
from api.handovers.lists import HandoverDetail, detail_of
from api.handovers.sheet import as_xlsx
from api.http.content_negotiation import accepted
from api.http.problems import problems
from api.http.workbook import WORKBOOK, Kind, in_export_thread

router = APIRouter(prefix="/handovers", tags=["handovers"])


@router.get("/{handover_id}", response_model=HandoverDetail, responses=problems(406) | WORKBOOK)
async def show_handover(
    request: Request,
    account: Annotated[Account, requires("committee", "tracer")],
    services: ServicesDep,
    handover_id: UUID,
) -> Response | HandoverDetail:
    """Shows a list with its people, and what has become of them since it was issued.

    By `Accept` it comes as JSON or as a workbook (XLSX).
    """
    kind = accepted(request.headers.get("accept", "*/*"), Kind, "a list")
    detail = await detail_of(services, handover_id, account)
    if kind is Kind.JSON:
        return detail
    workbook = await in_export_thread(partial(as_xlsx, detail))
    return Response(workbook, media_type=kind)
