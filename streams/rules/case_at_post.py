"""A confirmed case (F0) is met at a checkpoint, on the spot or as found out later.

Order 4655, 6, has traces taken up at once; the scans of 2021 pointed out F0. There is one finding
per scan, from onset or sample on, for as many days as the policy says. A retracted case raises
none.
"""

from datetime import timedelta

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Case, Scan
from streams.rules.history import History
from streams.rules.reports import latest_reports
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import own_subject


def _in_its_days(case: Case, history: History, reference: ReferenceAsOf) -> list[str]:
    """Returns the scans in the days of any report on the case: a later one may move the onset."""
    days = reference.longest_case_days()
    reports = [report for report in history.cases.values() if report.case_id == case.case_id]
    scan_ids: list[str] = []
    for report in (case, *reports):
        scans = history.scans.between(report.ill_from, report.ill_from + days)
        scan_ids += [scan.entry_id for scan in scans]
    return scan_ids


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
    {Scan: own_subject, Case: _in_its_days},
    _judge,
    reasons=("confirmed_case",),
    reads=frozenset({"policies"}),
    example=(
        "Sampled on Monday, confirmed on Wednesday: "
        "the scan of Tuesday is flagged as soon as the report comes in."
    ),
)
