"""A history in many small pieces is judged as one that is whole, and is read no further than asked.

Pieces are made small, so that a few entries fill several of them.
"""

from collections.abc import Iterator
from random import Random

import pytest

from streams.person import load_person, store_person
from streams.rules import RULES, Rule, older_uses, shelf, timeline
from tests.streams.fakes import MemoryStore
from tests.streams.rules.generated import Steps, any_steps
from tests.streams.rules.test_touched import Findings, changed_by, judge_touched, judged_wholly

PERSON = "0f" * 16
SEQUENCES, LENGTH = 60, 40


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MAX_NEWEST", 2)
    monkeypatch.setattr(timeline, "MAX_PIECE", 3)
    monkeypatch.setattr(shelf, "MAX_AT_HAND", 1)
    monkeypatch.setattr(shelf, "CARDS_IN_A_BUCKET", 1)
    monkeypatch.setattr(older_uses, "MAX_KEPT", 9)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_judging_what_is_touched_in_pieces_finds_what_judging_the_whole_finds(rule: Rule) -> None:
    random = Random(2021)
    for _ in range(SEQUENCES):
        steps = any_steps(random, LENGTH)
        assert list(judged_in_pieces(rule, steps)) == judged_wholly(rule, steps)


def judged_in_pieces(rule: Rule, steps: Steps) -> Iterator[Findings]:
    """Stores the history after each step, and reads it again for the next one."""
    store = MemoryStore()
    findings: Findings = {}
    for entry, goes in steps:
        work = store.begin()
        history = load_person(work, PERSON)
        judge_touched(findings, rule, history, changed_by(history, entry, goes=goes))
        store_person(work, PERSON, history)
        store.take(work)
        yield dict(findings)
