"""A health certificate shown at a checkpoint does not hold, or is another person's.

Decision 5772/QĐ-BYT is about certificates; order 4655, 2a, about the holder ("đối chiếu, xác nhận
thông tin"). There is one finding per scan. The certificate's own text cannot tell whether somebody
else of that name and birth date shows it, and so no rule can either.
"""

from schemas.contract.terms import CertificateGrade
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Certificate, Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule

REASONS_BY_GRADE: dict[CertificateGrade, str] = {
    "tampered": "certificate_tampered",
    "revoked": "certificate_revoked",
    "expired": "certificate_expired",
    "not_yet_valid": "certificate_not_yet_valid",
    "signer_unknown": "certificate_signer_unknown",
    "list_out_of_date": "certificate_list_out_of_date",
}
OF_ANOTHER = "certificate_of_another"


def _touched(scan: Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (scan.entry_id,) if scan.certificate else ()


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or scan.certificate is None:
        return None
    reasons = _reasons(scan.certificate)
    return Judgement(reasons, (scan_id,), scan.occurred_at) if reasons else None


def _reasons(certificate: Certificate) -> tuple[str, ...]:
    """Returns no reason for a field that is only near: certificates leave diacritics out."""
    reasons = []
    if certificate.grade in REASONS_BY_GRADE:
        reasons.append(REASONS_BY_GRADE[certificate.grade])
    if "different" in (certificate.name, certificate.birth_date):
        reasons.append(OF_ANOTHER)
    return tuple(reasons)


CERTIFICATE = Rule(
    "certificate",
    {Scan: _touched},
    _judge,
    reasons=(*REASONS_BY_GRADE.values(), OF_ANOTHER),
    example=(
        "Beside her CCCD a traveller shows a certificate that is valid, "
        "and bears another birth date than hers."
    ),
)
