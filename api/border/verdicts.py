"""The door at which a verdict is asked for again, by the id of its scan."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.verdict_response import (
    VerdictOut,
    json_response,
    override_response,
    verdict_response,
)
from api.doors.services import Services, ServicesDep
from api.http.problems import Problem
from schemas.contract.events import VerdictReached

router = APIRouter(tags=["scans"])


@router.get("/scans/{scan_id}/verdict", response_model=VerdictOut)
async def verdict(
    scan_id: UUID,
    account: Annotated[Account, requires("checkpoint", "clerk")],
    services: ServicesDep,
) -> Response:
    """The verdict, and what an officer decided otherwise, if one did. 404 while there is none: the
    scan is unknown, or not decided yet."""
    reached = await verdict_of(services, scan_id)
    answer = verdict_response(reached, datetime.now(UTC), code_alone=False)
    overrides = await services.clickhouse.ask("border/override_of_scan", {"scan_id": scan_id})
    if overrides:
        answer.override = override_response(overrides[0])
    return json_response(answer)


async def verdict_of(services: Services, scan_id: UUID) -> VerdictReached:
    """Returns the verdict on a scan. Raises `Problem` where there is none yet."""
    recent = services.verdicts.get(str(scan_id))
    reached = recent or await services.clickhouse.verdict(scan_id)
    if reached is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "no-verdict",
            "no scan with this id has been decided; if it was accepted, ask again",
        )
    return reached
