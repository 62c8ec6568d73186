"""A health certificate held up at a checkpoint: graded by the trust list as this door knows it, and what of it goes on to the path. Its
text is kept nowhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.http.fields import Output
from api.http.problems import FieldFault, Problem, invalid
from schemas.contract.terms import CertificateGrade, CertificateKind, CertificateResult
from schemas.domain.certificates import Graded, Unreadable, grade_certificate
from schemas.domain.documents import Text
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
    "Đây là chứng nhận sức khỏe ({}), trên đó không có số giấy tờ. Hãy quét thêm mã khai báo hoặc thẻ CCCD của người này.",
    "This is a health certificate ({}), and it bears no document number. Scan the declaration's code or the CCCD card of this person too.",
)


class CertificateOut(Output):
    """What was found of the certificate. Everything after `grade` is what it says; nothing where it was tampered with."""

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
class ShownCertificate:
    """`facts`: the fields of `CheckpointScanned` that the certificate decides."""

    facts: dict[str, Any]
    told: CertificateOut


def read_certificate(text: str, trust: TrustListAsOf, at: datetime) -> ShownCertificate:
    """Raises `Problem` for a text that is no certificate."""
    graded = grade_certificate(text, trust, at)
    if isinstance(graded, Unreadable):
        raise invalid(
            [FieldFault(field="certificate", reason=graded.reason.en)], detail_vi=graded.reason.vi
        )
    return ShownCertificate(facts=_facts(graded), told=_told(graded, trust, at))


def certificate_alone(text: str, trust: TrustListAsOf, at: datetime) -> Problem:
    """The answer where nothing else was shown: its grade, and what to show with it."""
    graded = grade_certificate(text, trust, at)
    if isinstance(graded, Unreadable):
        return invalid(
            [FieldFault(field="shown", reason=graded.reason.en)],
            shown_was="health-certificate",
            detail_vi=graded.reason.vi,
        )
    said = GRADES[graded.grade]
    told = _told(graded, trust, at).model_dump(mode="json", exclude_none=True)
    fault = FieldFault(field="shown", reason=ALONE.en.format(said.en))
    return invalid(
        [fault],
        shown_was="health-certificate",
        detail_vi=ALONE.vi.format(said.vi),
        certificate=told,
    )


def _told(graded: Graded, trust: TrustListAsOf, at: datetime) -> CertificateOut:
    state = trust.refreshed(at)
    said = {
        name: getattr(graded.claims, name, None)
        for name in CertificateOut.model_fields
        if name not in ("grade", "list_refreshed_at")
    }
    return CertificateOut(
        grade=graded.grade, list_refreshed_at=state.valid_from if state else None, **said
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
