"""The doors for the trust list of signers.

It says whose signatures on health certificates count, and how fresh the list is.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Path, Request
from pydantic import AfterValidator, StringConstraints, model_validator

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.batches import BatchResult, batch_route
from api.doors.services import ServicesDep
from api.http.fields import EmptyIsNone, Instant, Output, Short
from api.reference.facts import PeriodIn, ReferenceAccepted, accept_fact, accept_facts, provenance
from api.reference.sources import RefreshedIn
from schemas.contract.events import SignerTrusted, TrustListRefreshed
from schemas.contract.terms import SignatureAlgorithm
from schemas.domain.certificates import signer_key

router = APIRouter(prefix="/reference", tags=["reference"])
LIST_HOLDS = timedelta(hours=24)
"""How long a refresh holds if it does not say.

Verifiers of the European standard fetch revocations anew every day.
"""
KeyId = Annotated[str, StringConstraints(pattern="^([0-9A-Fa-f]{2}){1,32}$", to_lower=True)]
Country = Annotated[str, StringConstraints(pattern="^[A-Za-z]{2,3}$", to_upper=True)]
NamedKeyId = Annotated[str, Path(pattern="^([0-9A-Fa-f]{2}){1,32}$"), AfterValidator(str.lower)]


class SignerIn(PeriodIn):
    """`public_key`: SubjectPublicKeyInfo in base64. `valid_to`: what it signed has expired from
    then on. `revoked_at`: nothing that it signed counts from then on. Sent again, it replaces
    what was known of the key of that country."""

    country: Country
    issuer: Annotated[Short | None, EmptyIsNone] = None
    public_key: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    algorithm: SignatureAlgorithm
    revoked_at: Annotated[Instant | None, EmptyIsNone] = None

    @model_validator(mode="after")
    def fit_the_algorithm(self) -> Self:
        if signer_key(self.public_key, self.algorithm) is None:
            raise ValueError(
                "public_key is no key for this algorithm: "
                "ES256 takes P-256, PS256 takes RSA of 2048 to 8192 bits, EdDSA Ed25519"
            )
        return self


class SignerRowIn(SignerIn):
    key_id: KeyId


class TrustListIn(RefreshedIn):
    """`source`: where the list was fetched. It may be relied on for 24 hours, or until
    `good_until`."""

    source: Short


class SignerOut(Output):
    key_id: str
    country: str
    issuer: str | None
    public_key: str
    algorithm: SignatureAlgorithm
    valid_from: datetime
    valid_to: datetime | None
    revoked_at: datetime | None


class TrustListOut(Output):
    """`refreshed_at` empty: no list may be relied on now."""

    refreshed_at: datetime | None
    good_until: datetime | None
    signers: list[SignerOut]


@router.get("/signers")
async def list_signers(
    account: Annotated[Account, requires("checkpoint", "register", "analyst")],
    services: ServicesDep,
) -> TrustListOut:
    """Lists the signers whose certificates are or were trusted, and the age of the list."""
    trust = services.reference.latest.trust
    state = trust.refreshed(datetime.now(UTC))
    return TrustListOut(
        refreshed_at=state.valid_from if state else None,
        good_until=state.valid_to if state else None,
        signers=[_out(signer) for signer in trust.signers()],
    )


@router.put("/signers/{key_id}")
async def trust_signer(
    account: Annotated[Account, requires("register")],
    services: ServicesDep,
    key_id: NamedKeyId,
    body: SignerIn,
) -> ReferenceAccepted:
    """A key that signs health certificates, trusted from `valid_from` on. `key_id` in
    hexadecimal."""
    row = SignerRowIn(**body.model_dump(), key_id=key_id)
    return await accept_fact(services, _signer(row, account))


@router.post("/signers/batch", openapi_extra=batch_route(SignerRowIn))
async def trust_signers(
    request: Request, account: Annotated[Account, requires("register")], services: ServicesDep
) -> BatchResult:
    """A whole trust list, as NDJSON or CSV."""
    return await accept_facts(
        request, account, services, SignerRowIn, lambda row: _signer(row, account)
    )


@router.put("/trust-list")
async def refresh_trust_list(
    account: Annotated[Account, requires("register")], services: ServicesDep, body: TrustListIn
) -> ReferenceAccepted:
    """Signers and revocations are as their source had them at `refreshed_at`. A scan at a time for
    which no refresh holds is told that the list is out of date."""
    return await accept_fact(services, _refresh(body, account))


def _signer(body: SignerRowIn, account: Account) -> SignerTrusted:
    return SignerTrusted(**body.model_dump(), **provenance("signer", body, account))


def _out(signer: SignerTrusted) -> SignerOut:
    return SignerOut(
        key_id=signer.key_id,
        country=signer.country,
        issuer=signer.issuer,
        public_key=signer.public_key,
        algorithm=signer.algorithm,
        valid_from=signer.valid_from,
        valid_to=signer.valid_to,
        revoked_at=signer.revoked_at,
    )


def _refresh(body: TrustListIn, account: Account) -> TrustListRefreshed:
    return TrustListRefreshed(
        **provenance("trust-list", body, account),
        source=body.source,
        valid_from=body.refreshed_at,
        valid_to=body.good_until or body.refreshed_at + LIST_HOLDS,
    )
