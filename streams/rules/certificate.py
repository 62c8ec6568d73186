"""`certificate`: a health certificate shown at a post that does not hold, or is of another person (Decision 5772/QĐ-BYT for certificates;
order 4655, 2a, for the holder: "đối chiếu, xác nhận thông tin"). One finding per scan. What the certificate's own text cannot tell, whether
somebody else of that name and birth date stands there, no rule can either."""

from schemas.contract.terms import CertificateGrade
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Certificate, Scan
from streams.rules.history import Found, History, Rule

OF_GRADE: dict[CertificateGrade, str] = {
    "tampered": "certificate_tampered",
    "revoked": "certificate_revoked",
    "expired": "certificate_expired",
    "not_yet_valid": "certificate_not_yet_valid",
    "signer_unknown": "certificate_signer_unknown",
    "list_out_of_date": "certificate_list_out_of_date",
}
OF_ANOTHER = "certificate_of_another"


def _touched(scan: Scan, history: History) -> tuple[str, ...]:
    return (scan.entry_id,) if scan.certificate else ()


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    scan = history.scans.get(scan_id)
    if scan is None or scan.certificate is None or not (reasons := _reasons(scan.certificate)):
        return None
    return Found(reasons, (scan_id,), scan.occurred_at)


def _reasons(certificate: Certificate) -> tuple[str, ...]:
    """A field that is only near does not count: certificates leave diacritics out."""
    of_another = (OF_ANOTHER,) if "different" in (certificate.name, certificate.birth_date) else ()
    return (*((OF_GRADE[certificate.grade],) if certificate.grade in OF_GRADE else ()), *of_another)


CERTIFICATE = Rule(
    "certificate",
    {Scan: _touched},
    _judge,
    reasons=(*OF_GRADE.values(), OF_ANOTHER),
    example="Beside her CCCD somebody shows a certificate that is valid, and bears another birth date than hers.",
)
