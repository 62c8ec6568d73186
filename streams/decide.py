"""Decides about one scan: the gravest decision that the policy attaches to the findings about it.

It is pure. The stage `screen` makes the verdict of the decision and its reasons.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from schemas.contract.events import PolicyAdopted
from schemas.contract.terms import Decision
from streams.rules.entries import Scan, span
from streams.rules.history import History
from streams.rules.neighbours import newest_doses
from streams.rules.rule import Finding, OpenFlag

FlagsAbout = Callable[[str], Mapping[str, OpenFlag]]
"""Returns the open flags about a subject, by rule."""
GRAVITY: dict[Decision, int] = {"pass": 0, "check_papers": 1, "refer": 2, "turn_back": 3}


class Decided(msgspec.Struct, frozen=True, gc=False):
    decision: Decision
    reasons: list[str]
    findings: list[Finding]


NOTHING_FOUND = Decided("pass", [], [])


def decide(scan: Scan, history: History, about: FlagsAbout, policy: PolicyAdopted) -> Decided:
    """Decides by those of a person's flags that are about this scan.

    These are about the scan itself, its document, the declarations in force at it, or a dose.
    The gravest findings and their reasons come first.
    """
    counted: list[Finding] = []
    for subject in _subjects_of(scan, history, policy.declaration_valid_hours):
        counted += [flag.finding for flag in about(subject).values()]
    if not counted:
        return NOTHING_FOUND
    counted.sort(
        key=lambda finding: (-GRAVITY[decision_of(finding, policy)], finding.rule, finding.subject)
    )
    reasons: dict[str, None] = {}
    for finding in counted:
        reasons.update(dict.fromkeys(finding.reasons))
    return Decided(decision_of(counted[0], policy), list(reasons), counted)


def valid_until(at: datetime, history: History, policy: PolicyAdopted) -> datetime:
    """Returns until when a decision of an instant may be relied on without another look.

    The policy says for how many hours; no decision outlasts the policy itself, or the newest
    declaration that counts.
    """
    ends = [at + span(policy.verdict_valid_hours)]
    if policy.valid_to is not None:
        ends.append(policy.valid_to)
    declared = history.in_force(at, policy.declaration_valid_hours)
    if declared:
        ends.append(declared[-1].occurred_at + span(policy.declaration_valid_hours))
    return min(ends)


def decision_of(finding: Finding, policy: PolicyAdopted) -> Decision:
    """Returns the gravest decision that the policy attaches to a finding's reasons.

    The policy may name one of the reasons (`rule/reason`), or else the rule. What it names
    neither way leads to `pass`.
    """
    by_rule = policy.decisions.get(finding.rule, "pass")
    by_reason = [
        policy.decisions.get(f"{finding.rule}/{reason}", by_rule) for reason in finding.reasons
    ]
    return max(by_reason, key=GRAVITY.__getitem__)


def _subjects_of(scan: Scan, history: History, valid_hours: int) -> set[str]:
    valid = (journey.entry_id for journey in history.in_force(scan.occurred_at, valid_hours))
    doses = (dose.entry_id for dose in newest_doses(history))
    return {scan.entry_id, scan.document_key, *valid, *doses}
