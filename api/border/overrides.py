"""The doors for overrides: officers decide otherwise than the verdict, and a report counts it."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.verdict_response import ReasonOut, override_reason
from api.border.verdicts import verdict_of
from api.doors.idempotency import IdempotencyKey, id_by_key
from api.doors.services import Services, ServicesDep
from api.http.fields import EmptyIsNone, Input, Instant, Output, PastInstant, Until
from api.http.problems import FieldFault, invalid, problems
from schemas.contract.events import VerdictOverridden
from schemas.contract.ids import EventId
from schemas.contract.terms import Decision, OverrideReason
from schemas.contract.topics import OVERRIDES

router = APIRouter(tags=["scans"])


class OverrideIn(Input):
    """An officer's decision, and its reason: a code, so that no name or story is kept."""

    event_id: Annotated[UUID | None, EmptyIsNone] = None
    decision: Decision
    reason: OverrideReason
    overridden_at: Annotated[PastInstant | None, EmptyIsNone] = None


class OverrideAccepted(Output):
    event_id: str


class OverridesAtPost(Output):
    """`scans`: number of scans whose latest override this is."""

    checkpoint_id: str
    verdict: Decision
    decision: Decision
    reason: ReasonOut
    scans: int


@router.post("/scans/{scan_id}/override", status_code=HTTPStatus.ACCEPTED, responses=problems(409))
async def override(
    account: Annotated[Account, requires("checkpoint")],
    services: ServicesDep,
    scan_id: UUID,
    body: OverrideIn,
    idempotency_key: IdempotencyKey = None,
) -> OverrideAccepted:
    """The verdict stays as it is; this stands beside it. The latest of several words holds; the
    verdict's own decision takes an earlier word back. 404 while the scan has no verdict."""
    now = datetime.now(UTC)
    reached = await verdict_of(services, scan_id)
    if body.decision == reached.decision:
        await _require_override(services, scan_id)
    derived = id_by_key(f"override {scan_id}", account, idempotency_key, body)
    event = VerdictOverridden(
        event_id=EventId(str(body.event_id or derived or uuid4())),
        scan_id=reached.scan_id,
        person_id=reached.person_id,
        checkpoint_id=reached.checkpoint_id,
        verdict=reached.decision,
        decision=body.decision,
        reason=body.reason,
        overridden_at=body.overridden_at or now,
        received_at=now,
        submitted_by=account.name,
    )
    await services.broker.accept(OVERRIDES, event.person_id, event)
    return OverrideAccepted(event_id=event.event_id)


@router.get("/overrides")
async def report_overrides(
    account: Annotated[Account, requires("checkpoint", "committee", "analyst")],
    services: ServicesDep,
    since: Annotated[Instant, Query(alias="from")],
    until: Annotated[Until, Query(alias="to")],
    checkpoint_id: Annotated[str, Query(max_length=100)] = "",
) -> list[OverridesAtPost]:
    """The decisions otherwise within a period, by post, verdict, decision and reason; the most
    frequent first. Each scan counts once, by its last word."""
    if not since < until:
        raise invalid([FieldFault(field="to", reason="it does not lie after from")])
    parameters = {"from": since, "to": until, "checkpoint_id": checkpoint_id}
    rows = await services.clickhouse.ask("border/overrides", parameters)
    return [OverridesAtPost(**row | {"reason": override_reason(row["reason"])}) for row in rows]


async def _require_override(services: Services, scan_id: UUID) -> None:
    """Raises `Problem` where no earlier override could be taken back."""
    if not await services.clickhouse.ask("border/override_of_scan", {"scan_id": scan_id}):
        reason = "it is what the verdict says: there is nothing to override"
        raise invalid([FieldFault(field="decision", reason=reason)])
