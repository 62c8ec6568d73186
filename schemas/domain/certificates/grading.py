"""Grades a health certificate at an instant, by the trust list as known.

What is certain goes before what may be the verifier's own fault.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.contract.events import SignerTrusted
from schemas.contract.terms import CertificateGrade
from schemas.domain.certificates.claims import Claims, read_claims
from schemas.domain.certificates.envelope import Envelope, Unreadable, open_envelope
from schemas.domain.certificates.signatures import signer_key, verifies
from schemas.domain.texts import Text
from schemas.domain.trust import TrustListAsOf

CLOCK_SKEW = timedelta(minutes=5)
NO_HEALTH = Text(
    "Đây không phải chứng nhận tiêm chủng, xét nghiệm hay khỏi bệnh.",
    "This is no certificate of vaccination, test or recovery.",
)


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade and what the certificate says.

    `claims` is None where the certificate was tampered with, for then it says nothing.
    """

    grade: CertificateGrade
    claims: Claims | None


def grade_certificate(text: str, trust: TrustListAsOf, at: datetime) -> Graded | Unreadable:
    """Returns the grade, or why the text cannot be read. Never raises.

    The claims of a certificate whose signer is not known are what it says of itself, and no more.
    """
    envelope = open_envelope(text)
    if isinstance(envelope, Unreadable):
        return envelope
    signers = trust.signers_named(envelope.key_id.hex(), at)
    signer = next((known for known in signers if _signed_by(known, envelope)), None)
    if signers and signer is None:
        return Graded("tampered", None)
    claims = read_claims(envelope.payload)
    if claims is None:
        return Unreadable(NO_HEALTH)
    return Graded(_grade(claims, signer, trust, at), claims)


def _signed_by(signer: SignerTrusted, envelope: Envelope) -> bool:
    key = signer_key(signer.public_key, signer.algorithm)
    return key is not None and verifies(key, envelope.signature, envelope.signed)


def _grade(
    claims: Claims, signer: SignerTrusted | None, trust: TrustListAsOf, at: datetime
) -> CertificateGrade:
    """Returns the grade of claims that are signed, or whose signer is not known.

    The end of the signer's own validity ends that of all it signed, whatever a certificate says.
    """
    signer_revoked_at = signer.revoked_at if signer else None
    signer_valid_to = signer.valid_to if signer else None
    if _is_past(signer_revoked_at, at) or trust.is_revoked(claims.identifier_hash, at):
        return "revoked"
    if claims.expires_at <= at or _is_past(signer_valid_to, at):
        return "expired"
    if claims.issued_at and claims.issued_at > at + CLOCK_SKEW:
        return "not_yet_valid"
    if trust.refreshed(at) is None:
        return "list_out_of_date"
    return "valid" if signer else "signer_unknown"


def _is_past(end: datetime | None, at: datetime) -> bool:
    return end is not None and end <= at
