"""The doors for revocations: single health certificates that do not count any more.

A certificate is named by the hash of its identifier.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import AfterValidator, StringConstraints

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.services import ServicesDep
from api.http.fields import EmptyIsNone, Short
from api.reference.facts import PeriodIn, ReferenceAccepted, accept_fact, accept_facts, provenance
from schemas.contract.events import CertificateRevoked

router = APIRouter(prefix="/reference/revoked-certificates", tags=["reference"])
HASH = "^[0-9A-Fa-f]{32}([0-9A-Fa-f]{32})?$"


def _first_16_bytes(digits: str) -> str:
    return digits[:32].lower()


class RevocationIn(PeriodIn):
    """Revoked from `valid_from` on; `valid_to` only where that was an error."""

    reason: Annotated[Short | None, EmptyIsNone] = None


class RevocationRowIn(RevocationIn):
    """`identifier_hash`: SHA-256 of the certificate's identifier (UVCI), whole or its first 16
    bytes, in hexadecimal."""

    identifier_hash: Annotated[
        str, StringConstraints(pattern=HASH), AfterValidator(_first_16_bytes)
    ]


@router.put("/{identifier_hash}")
async def revoke_certificate(
    account: Annotated[Account, requires("register")],
    services: ServicesDep,
    identifier_hash: Annotated[str, Path(pattern=HASH), AfterValidator(_first_16_bytes)],
    body: RevocationIn,
) -> ReferenceAccepted:
    """One certificate that counts no longer. The identifier itself is never sent: it stands on
    somebody's paper."""
    row = RevocationRowIn(**body.model_dump(), identifier_hash=identifier_hash)
    return await accept_fact(services, _event(row, account))


@router.post("/batch", openapi_extra=batch_route(RevocationRowIn))
async def revoke_certificates(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """A revocation list, as NDJSON or CSV."""
    return await accept_facts(
        request, account, services, RevocationRowIn, lambda row: _event(row, account)
    )


def _event(body: RevocationRowIn, account: Account) -> CertificateRevoked:
    return CertificateRevoked(
        **body.model_dump(), **provenance("revoked-certificate", body, account)
    )
