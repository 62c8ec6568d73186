"""A confirmed case (F0) is met at a checkpoint, on the spot or as found out later.

Order 4655, 6, has traces taken up at once; the scans of 2021 pointed out F0. There is one finding
per scan, from onset or sample on, for as many days as the policy says. A retracted case raises
none.
"""

from datetime import timedelta

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Case, Scan
from streams.rules.history import History, Judgement, Rule, latest_reports
from streams.rules.touching import every_scan, own_subject


def _judge(scan_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    scan = history.scans.get(scan_id)
    if scan is None or not history.cases:
        return None
    days = timedelta(days=reference.policy(scan.occurred_at).case_days)
    reports = latest_reports(history.cases.values(), lambda case: case.case_id)
    cases = [case for case in reports if _is_infectious(case, scan, days)]
    if not cases:
        return None
    cases.sort(key=lambda case: (case.ill_from, case.entry_id))
    causes = (scan_id, *(case.entry_id for case in cases))
    return Judgement(("confirmed_case",), causes, scan.occurred_at)


def _is_infectious(case: Case, scan: Scan, days: timedelta) -> bool:
    return case.confirmed and case.ill_from <= scan.occurred_at <= case.ill_from + days


CASE_AT_POST = Rule(
    "case_at_post",
    {Scan: own_subject, Case: every_scan},  # another report may move the onset either way
    _judge,
    reasons=("confirmed_case",),
    example=(
        "Sampled on Monday, confirmed on Wednesday: "
        "the scan of Tuesday is flagged as soon as the report comes in."
    ),
)
