"""The QR code of a declaration: what it states, until when it holds, and its picture."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.border.qr import render
from api.doors.services import Services, ServicesDep
from api.http.problems import Problem, problems
from schemas.contract.ids import DeclarationId, DocumentKey
from schemas.domain.tokens import TokenClaims, issue_token

router = APIRouter(tags=["declarations"])
SEVERAL = (
    "two documents declared under this id at the same moment, so it names no one declaration: "
    "declare anew under a new one"
)


@router.get(
    "/declarations/{declaration_id}/qr",
    response_class=Response,
    responses=problems(406, 409, 410) | {200: {"content": {"image/svg+xml": {}, "image/png": {}}}},
)
async def qr(
    request: Request,
    declaration_id: UUID,
    account: Annotated[Account, requires("declarant", "clerk", "checkpoint")],
    services: ServicesDep,
) -> Response:
    """SVG or PNG, by Accept. 410 when the declaration is no longer valid, was cancelled or
    replaced."""
    document_key, declared_at = await known_declaration(services, declaration_id)
    claims = code_claims(
        services, DeclarationId(str(declaration_id)), DocumentKey(document_key), declared_at
    )
    _require_valid(claims, await _ended_at(services, declaration_id), datetime.now(UTC))
    return render(issue_token(claims, services.keys.signing), request.headers.get("accept", "*/*"))


def code_claims(
    services: Services,
    declaration_id: DeclarationId,
    document_key: DocumentKey,
    declared_at: datetime,
) -> TokenClaims:
    """Returns what the code states. It holds as long as the policy at `declared_at` says."""
    hours = services.reference.latest.policy(declared_at).declaration_valid_hours
    issued_at = declared_at.replace(microsecond=0)
    return TokenClaims(declaration_id, document_key, issued_at, issued_at + timedelta(hours=hours))


async def known_declaration(services: Services, declaration_id: UUID) -> tuple[str, datetime]:
    """Returns document key and time of a declaration.

    Raises `Problem` where there is none, and where two documents declared under its id.
    """
    declared = services.accepted.declared
    recent = declared.get(str(declaration_id))
    declarations = recent or await services.clickhouse.declarations(declaration_id)
    if not declarations:
        await services.accepted.hear_declarations()
        declarations = declared.get(str(declaration_id)) or {}
    if not declarations:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "unknown-declaration",
            "no declaration has this id",
        )
    if len(declarations) > 1:
        raise Problem(HTTPStatus.CONFLICT, "declaration-id-used", SEVERAL)
    return next(iter(declarations.items()))


async def _ended_at(services: Services, declaration_id: UUID) -> datetime | None:
    """Returns when the declaration was cancelled or replaced; None where it still counts."""
    cached = services.accepted.ended.get(str(declaration_id))
    return cached or await services.clickhouse.declaration_ended(declaration_id)


def _require_valid(claims: TokenClaims, ended_at: datetime | None, now: datetime) -> None:
    if ended_at is not None and ended_at <= now:
        detail = (
            f"it was cancelled or replaced at {ended_at.isoformat()}; "
            "declare again, or show the newer code"
        )
        raise Problem(HTTPStatus.GONE, "declaration-ended", detail)
    if claims.expires_at <= now:
        detail = f"it was valid until {claims.expires_at.isoformat()}; declare again"
        raise Problem(HTTPStatus.GONE, "declaration-expired", detail)
