"""A verdict as a checkpoint gets it: what to do and why, what to check by eye, and until when.

It says how fresh the data is on which the verdict rests.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from api.border.certificates import CertificateOut
from api.http.fields import Output
from schemas.contract.events import VerdictReached
from schemas.contract.terms import Decision, OverrideReason, ShownKind, SourceName
from schemas.domain.manual_checks import BY_HAND, checks_of
from schemas.domain.overriding import OVERRIDE_REASONS
from schemas.domain.reasons import REASONS
from schemas.domain.texts import Text

NOT_FRESH: dict[SourceName, Text] = {
    "register": Text(
        "Chưa rõ Cơ sở dữ liệu dân cư có mới không: kiểm tra giấy tờ gốc.",
        "The population register's data is out of date, or nobody has said how fresh it is: "
        "see the documents themselves.",
    ),
    "zones": Text(
        "Chưa rõ cấp độ dịch có mới không: hỏi Ban Chỉ đạo.",
        "The levels of zones are out of date, or nobody has said how fresh they are: "
        "ask the steering committee.",
    ),
    "orders": Text(
        "Chưa rõ danh sách cách ly có mới không: hỏi y tế.",
        "The orders are out of date, or nobody has said how fresh they are: "
        "ask the health station.",
    ),
}
OLD = Text("Kết quả kiểm tra này đã cũ: quét lại.", "This verdict is too old: scan again.")


class ReasonOut(Output):
    code: str
    vi: str
    en: str


class AsOf(Output):
    """The data that the verdict rests on. `sources`: the state of each that was fresh at the scan;
    `not_fresh` tells of the others, and of the verdict itself when it is asked for after
    `valid_until`."""

    registered: bool
    reference_version: int
    decided_at: datetime
    sources: dict[SourceName, datetime]
    not_fresh: list[ReasonOut]


class OverrideOut(Output):
    """The officer's decision otherwise."""

    decision: Decision
    reason: ReasonOut
    overridden_at: datetime
    team: str


class VerdictOut(Output):
    """`reasons`: the gravest first. `by_hand`: what to check that no record can tell, in the order
    to do it in. `override`: only where a verdict is asked for again."""

    scan_id: str
    decision: Decision
    reasons: list[ReasonOut]
    by_hand: list[ReasonOut]
    valid_until: datetime | None = None
    flag_ids: list[str]
    policy_id: str
    as_of: AsOf
    shown_kind: ShownKind | None = None
    token_expired: bool | None = None
    certificate: CertificateOut | None = None
    override: OverrideOut | None = None


def verdict_response(verdict: VerdictReached, now: datetime, *, code_alone: bool) -> VerdictOut:
    """Returns the verdict for a checkpoint.

    `code_alone` says that our code was shown, and no document beside it.
    """
    reasons = [_reason(code, REASONS.get(code, Text(code, code))) for code in verdict.reasons]
    checks = checks_of(verdict.reasons, code_alone=code_alone)
    return VerdictOut(
        scan_id=verdict.scan_id,
        decision=verdict.decision,
        reasons=reasons,
        by_hand=[_reason(code, BY_HAND[code]) for code in checks],
        valid_until=verdict.valid_until,
        flag_ids=[str(flag_id) for flag_id in verdict.flag_ids],
        policy_id=verdict.policy_id,
        as_of=_as_of(verdict, now),
        certificate=_certificate(verdict),
    )


def override_response(row: Mapping[str, Any]) -> OverrideOut:
    """Returns an override for a checkpoint, from a row of `override_of_scan.sql`."""
    return OverrideOut(**{**row, "reason": override_reason(row["reason"])})


def override_reason(code: OverrideReason) -> ReasonOut:
    return _reason(code, OVERRIDE_REASONS[code])


def json_response(answer: Output, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Writes an answer without the fields that are empty."""
    return Response(
        answer.model_dump_json(exclude_none=True), status, media_type="application/json"
    )


def _as_of(verdict: VerdictReached, now: datetime) -> AsOf:
    states: dict[SourceName, datetime | None] = {
        "register": verdict.register_as_of,
        "zones": verdict.zones_as_of,
        "orders": verdict.orders_as_of,
    }
    return AsOf(
        registered=verdict.registered,
        reference_version=verdict.reference_version,
        decided_at=verdict.decided_at,
        sources={source: state for source, state in states.items() if state},
        not_fresh=[*_sources_not_fresh(states), *_verdict_not_fresh(verdict, now)],
    )


def _sources_not_fresh(states: Mapping[SourceName, datetime | None]) -> Iterator[ReasonOut]:
    for source, state in states.items():
        if state is None:
            yield _reason(f"{source}_not_fresh", NOT_FRESH[source])


def _verdict_not_fresh(verdict: VerdictReached, now: datetime) -> Iterator[ReasonOut]:
    if verdict.valid_until is not None and verdict.valid_until <= now:
        yield _reason("verdict_not_fresh", OLD)


def _certificate(verdict: VerdictReached) -> CertificateOut | None:
    grade = verdict.certificate_grade
    return CertificateOut(grade=grade, kind=verdict.certificate_kind) if grade else None


def _reason(code: str, text: Text) -> ReasonOut:
    return ReasonOut(code=code, vi=text.vi, en=text.en)
