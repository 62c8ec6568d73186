"""The verdict of one scan: the gravest decision that the policy attaches to what is found about it, with the reasons."""

from datetime import datetime

import msgspec

from schemas.contract.events import PolicyAdopted
from schemas.contract.terms import Decision
from streams.rules.entries import Scan, span
from streams.rules.history import Finding, History

GRAVITY: dict[Decision, int] = {"pass": 0, "check_papers": 1, "refer": 2, "turn_back": 3}


class Decided(msgspec.Struct, frozen=True, gc=False):
    decision: Decision
    reasons: list[str]
    findings: list[Finding]


def decide(scan: Scan, history: History, found: list[Finding], policy: PolicyAdopted) -> Decided:
    """Findings count if they are about this scan, its document, a declaration valid at it, or a dose; the gravest come first."""
    if not found:  # nearly always
        return Decided("pass", [], [])
    about = _about(scan, history, policy.declaration_valid_hours)
    counted = sorted(
        (finding for finding in found if finding.subject in about),
        key=lambda finding: (-GRAVITY[decision_of(finding, policy)], finding.rule, finding.subject),
    )
    decision = decision_of(counted[0], policy) if counted else "pass"
    reasons = list(dict.fromkeys(reason for finding in counted for reason in finding.reasons))
    return Decided(decision, reasons, counted)


def valid_until(scan: Scan, history: History, policy: PolicyAdopted) -> datetime:
    """How long a decision may be relied on without another look: as the policy says, and no longer than the policy itself or the
    declaration that was made last and counts."""
    ends = [scan.occurred_at + span(policy.verdict_valid_hours)]
    if policy.valid_to is not None:
        ends.append(policy.valid_to)
    if declared := history.in_force(scan.occurred_at, policy.declaration_valid_hours):
        ends.append(declared[-1].occurred_at + span(policy.declaration_valid_hours))
    return min(ends)


def decision_of(finding: Finding, policy: PolicyAdopted) -> Decision:
    """What the policy says of the rule for one of the reasons (`rule/reason`), or else of the rule; of several the gravest. What it names
    neither way leads to `pass`."""
    of_rule = policy.decisions.get(finding.rule, "pass")
    return max(
        (policy.decisions.get(f"{finding.rule}/{reason}", of_rule) for reason in finding.reasons),
        key=GRAVITY.__getitem__,
    )


def _about(scan: Scan, history: History, valid_hours: int) -> set[str]:
    valid = (journey.entry_id for journey in history.in_force(scan.occurred_at, valid_hours))
    return {scan.entry_id, scan.document_key, *valid, *history.doses}
