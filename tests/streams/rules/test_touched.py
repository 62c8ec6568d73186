"""What a rule says is touched is enough: judging that alone finds what judging all would find.

Entries come one by one. Every rule is also held to it by name, and shown to be caught with any of
its touches left out. The kind of entry whose touch is missing is named.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.rules import RULES, Rule
from streams.rules.entries import Judged
from streams.rules.history import History
from streams.rules.identity_mismatch import IDENTITY_MISMATCH
from streams.rules.rule import Judgement
from tests.streams.rules.generated import DOCUMENTS, REFERENCE, Steps, any_steps

Findings = dict[str, Judgement]
"""Findings of one rule, by subject."""
SEQUENCES, LENGTH = 400, 25
TOUCHES = [(rule, kind) for rule in RULES for kind in rule.touched]


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, LENGTH))
def test_judging_what_is_touched_keeps_what_judging_everything_finds(
    random: Random, length: int
) -> None:
    steps = any_steps(random, length)
    for rule in RULES:
        assert list(judged_by_touches(rule, steps)) == judged_wholly(rule, steps)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_finds_all_there_is_through_its_touches(rule: Rule) -> None:
    assert trouble_with(rule) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_nothing_touches_is_caught(rule: Rule) -> None:
    trouble = trouble_with(replace(rule, touched={}))
    assert trouble is not None
    assert trouble.removeprefix(f"{rule.name}: no touch of a ") in {
        kind.__name__ for kind in rule.touched
    }


@pytest.mark.parametrize(
    ("rule", "kind"), TOUCHES, ids=[f"{rule.name}-{kind.__name__}" for rule, kind in TOUCHES]
)
def test_a_rule_that_leaves_one_of_its_touches_out_is_caught(
    rule: Rule, kind: type[Judged]
) -> None:
    left_out = replace(
        rule, touched={of: rule.touched[of] for of in rule.touched if of is not kind}
    )
    assert trouble_with(left_out) == f"{rule.name}: no touch of a {kind.__name__}"


def test_a_rule_that_the_generated_entries_never_concern_is_caught() -> None:
    silent = replace(IDENTITY_MISMATCH, judge=lambda subject, history, reference: None)
    assert trouble_with(silent) == "identity_mismatch: no generated entry lets it find anything"


def test_a_rule_that_gives_another_reason_than_it_says_is_caught() -> None:
    forgetful = replace(IDENTITY_MISMATCH, reasons=("name_different",))
    trouble = trouble_with(forgetful)
    assert trouble == "identity_mismatch: its reasons lack birth_date_near"


def trouble_with(rule: Rule) -> str | None:
    """Returns what is wrong with a rule; None if it gives its reasons, and its touches suffice."""
    found_any = False
    for steps in sequences():
        wholly = judged_wholly(rule, steps)
        for step, findings in enumerate(judged_by_touches(rule, steps)):
            if findings != wholly[step]:
                entry, _ = steps[step]
                return f"{rule.name}: no touch of a {type(entry).__name__}"
        for code in codes_of(wholly):
            if code not in rule.reasons:
                return f"{rule.name}: its reasons lack {code}"
        found_any = found_any or any(wholly)
    if not found_any:
        return f"{rule.name}: no generated entry lets it find anything"
    return None


def codes_of(findings_of_steps: Iterable[Findings]) -> list[str]:
    """Returns every reason code that was given, in order."""
    codes = set[str]()
    for findings in findings_of_steps:
        for judgement in findings.values():
            codes.update(judgement.reasons)
    return sorted(codes)


def judged_by_touches(rule: Rule, steps: Steps) -> Iterator[Findings]:
    """Judges at each step only what the rule says is touched, as the stage does."""
    history = History()
    findings: Findings = {}
    for entry, goes in steps:
        judge_touched(findings, rule, history, changed_by(history, entry, goes=goes))
        yield dict(findings)


def judge_touched(
    findings: Findings, rule: Rule, history: History, entries: Sequence[Judged]
) -> None:
    for changed in entries:
        touch = rule.touched.get(type(changed))
        for subject in touch(changed, history, REFERENCE) if touch else ():
            note(findings, subject, rule, history)


def judged_wholly(rule: Rule, steps: Steps) -> list[Findings]:
    """Judges at each step every subject there may be."""
    subjects = [*DOCUMENTS, *dict.fromkeys(entry.entry_id for entry, _ in steps)]
    history = History()
    after_each_step = []
    for entry, goes in steps:
        changed_by(history, entry, goes=goes)
        findings: Findings = {}
        for subject in subjects:
            note(findings, subject, rule, history)
        after_each_step.append(findings)
    return after_each_step


def changed_by(history: History, entry: Judged, *, goes: bool) -> Sequence[Judged]:
    """Puts the entry into the history, or takes it out; returns what it was and what it is."""
    before = history.held(entry)
    if before is not None:
        history.drop(before)
    if not goes:
        history.keep(entry)
    return [entry] if before is None else [before, entry]


def note(findings: Findings, subject: str, rule: Rule, history: History) -> None:
    findings.pop(subject, None)
    judgement = rule.judge(subject, history, REFERENCE)
    if judgement is not None:
        findings[subject] = judgement


@cache
def sequences() -> list[Steps]:
    """Makes the same sequences in every run, so that a red test is red for everybody."""
    random = Random(2021)
    return [any_steps(random, LENGTH) for _ in range(SEQUENCES)]
