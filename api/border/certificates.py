"""A health certificate presented at a checkpoint, graded by the trust list that this door knows.

Its facts go on to the path; its text is kept nowhere.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.http.fields import Output
from api.http.problems import FieldFault, Problem, invalid
from schemas.contract.terms import CertificateGrade, CertificateKind, CertificateResult
from schemas.domain.certificates import Graded, Unreadable, grade_certificate
from schemas.domain.texts import Text
from schemas.domain.trust import TrustListAsOf

GRADES: dict[CertificateGrade, Text] = {
    "valid": Text("chứng nhận hợp lệ", "the certificate is valid"),
    "signer_unknown": Text(
        "đọc được chứng nhận nhưng không rõ nơi ký",
        "the certificate can be read, its signer is not known",
    ),
    "expired": Text("chứng nhận đã hết hạn", "the certificate has expired"),
    "not_yet_valid": Text(
        "chứng nhận được cấp sau lúc quét", "the certificate was issued after the scan"
    ),
    "tampered": Text("chứng nhận đã bị sửa hoặc làm giả", "the certificate was changed or forged"),
    "revoked": Text(
        "chứng nhận hoặc khóa ký đã bị thu hồi",
        "the certificate, or the key that signed it, was revoked",
    ),
    "list_out_of_date": Text(
        "danh sách tin cậy của hệ thống đã cũ", "our own trust list is out of date"
    ),
}
ALONE = Text(
    "Đây là chứng nhận sức khỏe ({}), trên đó không có số giấy tờ. "
    "Hãy quét thêm mã khai báo hoặc thẻ CCCD của người này.",
    "This is a health certificate ({}), and it bears no document number. "
    "Scan the declaration's code or the CCCD card of this person too.",
)


class CertificateOut(Output):
    """The certificate as it was graded. Everything after `grade` is what it says; nothing where it
    was tampered with."""

    grade: CertificateGrade
    kind: CertificateKind | None = None
    country: str | None = None
    doses: int | None = None
    doses_needed: int | None = None
    result: CertificateResult | None = None
    dated_at: datetime | None = None
    expires_at: datetime | None = None
    list_refreshed_at: datetime | None = None
    """State of the trust list it was verified with; empty: out of date."""


@dataclass(frozen=True, slots=True)
class PresentedCertificate:
    """A certificate that could be read."""

    facts: dict[str, Any]
    """The fields of `CheckpointScanned` that the certificate decides."""
    description: CertificateOut
    """The answer about it for the checkpoint."""


def read_certificate(text: str, trust: TrustListAsOf, at: datetime) -> PresentedCertificate:
    """Raises `Problem` for a text that is no certificate."""
    graded = grade_certificate(text, trust, at)
    if isinstance(graded, Unreadable):
        fault = FieldFault(field="certificate", reason=graded.reason.en)
        raise invalid([fault], detail_vi=graded.reason.vi)
    return PresentedCertificate(_facts(graded), _description(graded, trust, at))


def certificate_alone(text: str, trust: TrustListAsOf, at: datetime) -> Problem:
    """Returns the answer where nothing else was presented: the grade, and what to present too."""
    graded = grade_certificate(text, trust, at)
    if isinstance(graded, Unreadable):
        fault = FieldFault(field="shown", reason=graded.reason.en)
        return invalid([fault], shown_was="health-certificate", detail_vi=graded.reason.vi)
    grade = GRADES[graded.grade]
    fault = FieldFault(field="shown", reason=ALONE.en.format(grade.en))
    description = _description(graded, trust, at)
    return invalid(
        [fault],
        shown_was="health-certificate",
        detail_vi=ALONE.vi.format(grade.vi),
        certificate=description.model_dump(mode="json", exclude_none=True),
    )


def _description(graded: Graded, trust: TrustListAsOf, at: datetime) -> CertificateOut:
    state = trust.refreshed(at)
    list_refreshed_at = state.valid_from if state else None
    claims = graded.claims
    if claims is None:
        return CertificateOut(grade=graded.grade, list_refreshed_at=list_refreshed_at)
    return CertificateOut(
        grade=graded.grade,
        kind=claims.kind,
        country=claims.country,
        doses=claims.doses,
        doses_needed=claims.doses_needed,
        result=claims.result,
        dated_at=claims.dated_at,
        expires_at=claims.expires_at,
        list_refreshed_at=list_refreshed_at,
    )


def _facts(graded: Graded) -> dict[str, Any]:
    claims = graded.claims
    if claims is None:
        return {"certificate_grade": graded.grade}
    return {
        "certificate_grade": graded.grade,
        "certificate_kind": claims.kind,
        "certificate_country": claims.country,
        "certificate_doses": claims.doses,
        "certificate_doses_needed": claims.doses_needed,
        "certificate_result": claims.result,
        "certificate_dated_at": claims.dated_at,
        "certificate_name": claims.full_name,
        "certificate_birth_date": claims.birth_date,
    }
