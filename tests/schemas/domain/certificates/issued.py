"""Certificates and trust lists of a few invented people, short to write in a test."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from infra.tools.simulator.health_certificates import CertificateSigner, claims_of, vaccination
from schemas.contract.events import (
    CertificateRevoked,
    ReferenceEvent,
    SignerTrusted,
    TrustListRefreshed,
)
from schemas.contract.ids import EventId
from schemas.domain.certificates import Claims, Graded, Unreadable, grade_certificate
from schemas.domain.reference import Reference
from schemas.domain.trust import TrustListAsOf

NOON = datetime(2021, 12, 20, 5, 0, tzinfo=UTC)
UVCI = "URN:UVCI:01:VN:SIMULATED0001#A"
ED = CertificateSigner(b"\x01" * 8, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
EC = CertificateSigner(b"\x02" * 8, ec.derive_private_key(2021, ec.SECP256R1()))
RSA = CertificateSigner(
    b"\x03" * 8, rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
)
SIGNERS = (ED, EC, RSA)
STRANGER = CertificateSigner(b"\x09" * 8, Ed25519PrivateKey.from_private_bytes(bytes(32)))


def trusted(signer: CertificateSigner = ED, **changes: Any) -> SignerTrusted:
    event = SignerTrusted(
        event_id=EventId("signer"),
        key_id=signer.key_id.hex(),
        country="VN",
        public_key=signer.public_key,
        algorithm=signer.algorithm,
        valid_from=NOON - timedelta(days=30),
        received_at=NOON - timedelta(days=30),
        submitted_by="health-department",
    )
    return replace(event, **changes)


def refreshed(at: datetime = NOON - timedelta(hours=1), hours: float = 24) -> TrustListRefreshed:
    return TrustListRefreshed(
        event_id=EventId("refresh"),
        source="of the tests",
        valid_from=at,
        valid_to=at + timedelta(hours=hours),
        received_at=at,
        submitted_by="health-department",
    )


def revoked(identifier_hash: str, at: datetime = NOON) -> CertificateRevoked:
    return CertificateRevoked(
        event_id=EventId("revoked"),
        identifier_hash=identifier_hash,
        valid_from=at,
        received_at=at,
        submitted_by="health-department",
    )


def trust(*facts: ReferenceEvent) -> TrustListAsOf:
    """Returns the list as known after these facts.

    Without any fact it trusts every signer of the tests, and was just refreshed.
    """
    reference = Reference()
    all_signers: tuple[ReferenceEvent, ...] = (*map(trusted, SIGNERS), refreshed())
    for version, fact in enumerate(facts or all_signers):
        reference.add(version, fact)
    return reference.as_of(reference.version).trust


def claims(**entry: Any) -> dict[int, Any]:
    entry = entry or {"v": vaccination(UVCI, 2, 2, date(2021, 9, 1))}
    return claims_of("Nguyễn Thị Hòa", "1990-02-17", NOON - timedelta(days=2), **entry)


TRUST = trust()
MINUTE = timedelta(minutes=1)


def grade(text: str, by: TrustListAsOf = TRUST, at: datetime = NOON) -> str:
    """Returns the grade, or `unreadable`."""
    graded = grade_certificate(text, by, at)
    return "unreadable" if isinstance(graded, Unreadable) else graded.grade


def claims_read(text: str, by: TrustListAsOf = TRUST) -> Claims:
    """Returns what a certificate that can be read says."""
    graded = grade_certificate(text, by, NOON)
    assert isinstance(graded, Graded) and graded.claims
    return graded.claims
