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
from api.http.problems import Problem, problems
from infra.errors import Unavailable
from schemas.contract.events import VerdictReached

router = APIRouter(tags=["scans"])
SEVERAL = (
    "two documents were scanned under this id at the same moment, so it names no one verdict: "
    "scan again under a new one"
)


@router.get("/scans/{scan_id}/verdict", response_model=VerdictOut, responses=problems(409))
async def verdict(
    scan_id: UUID,
    account: Annotated[Account, requires("checkpoint", "clerk")],
    services: ServicesDep,
) -> Response:
    """The verdict, and what an officer decided otherwise, if one did. 404 while there is none: the
    scan is unknown, or not decided yet. 409 where two documents were scanned under this id."""
    reached = await verdict_of(services, scan_id)
    answer = verdict_response(reached, datetime.now(UTC), code_alone=False)
    overrides = await services.clickhouse.ask("border/override_of_scan", {"scan_id": scan_id})
    if overrides:
        answer.override = override_response(overrides[0])
    return json_response(answer)


async def verdict_of(services: Services, scan_id: UUID) -> VerdictReached:
    """Returns the verdict on a scan.

    Raises `Problem` where there is none yet, and where the id is of scans of two documents: nobody
    gets another person's verdict.
    """
    recent = services.verdicts.get(str(scan_id))
    reached = [*recent, *await _stored(services, scan_id, needed=not recent)]
    documents = services.accepted.scanned.get(str(scan_id)) or ()
    if len(documents) > 1 or any(not _same_scan(reached[0], other) for other in reached[1:]):
        raise Problem(HTTPStatus.CONFLICT, "scan-id-used", SEVERAL)
    if not reached:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "no-verdict",
            "no scan with this id has been decided; if it was accepted, ask again",
        )
    return reached[0]


async def _stored(services: Services, scan_id: UUID, *, needed: bool) -> list[VerdictReached]:
    """Returns the stored verdicts. Raises `Unavailable` if there is need of them."""
    try:
        return await services.clickhouse.verdicts(scan_id)
    except Unavailable:
        if needed:
            raise
        return []


def _same_scan(one: VerdictReached, other: VerdictReached) -> bool:
    """Returns whether both are about one scan; those of earlier releases do not name a document."""
    if one.document_key is None or other.document_key is None:
        return one.person_id == other.person_id
    return one.document_key == other.document_key
