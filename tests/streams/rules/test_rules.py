"""What holds for all rules."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.domain.reasons import REASON_OF_FAULT, REASONS
from schemas.domain.reference import DEFAULT_POLICY
from streams.rules import RULES, Rule
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    NOON,
    checkpoint,
    citizen,
    declaration,
    scan,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    return path


def test_same_person_declared_and_scanned_in_time_raises_nothing(path: MemoryPath) -> None:
    path.feed([declaration("a"), scan("b", at=NOON + MINUTE)])
    assert path.rules_found() == set()
    assert [verdict.decision for verdict in path.verdicts().values()] == ["pass"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_what_it_is_about_in_words_that_officers_read(rule: Rule) -> None:
    assert rule.reasons and rule.example.endswith(".")
    assert unknown_reasons([rule]) == []
    assert rule.name in DEFAULT_POLICY.decisions


def test_every_reason_is_given_by_a_rule_or_a_door() -> None:
    assert reasons_never_given(RULES) == []


def test_a_reason_that_nothing_gives_is_named() -> None:
    others = [rule for rule in RULES if rule.name != "two_names"]
    assert "used_under_two_names" in reasons_never_given(others)


def test_a_reason_of_a_rule_that_has_no_words_is_named() -> None:
    rule = replace(RULES[0], reasons=(*RULES[0].reasons, "name_diferent"))
    assert unknown_reasons([rule]) == [f"{rule.name} gives name_diferent"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_named_after_its_module_and_leaves_naming_to_the_engine(rule: Rule) -> None:
    module = rule.judge.__module__
    assert module == f"streams.rules.{rule.name}"
    assert not hasattr(sys.modules[module], "Finding")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_file_of_tests_at_its_edges(rule: Rule) -> None:
    assert Path(__file__).with_name(f"test_{rule.name}.py").exists()


def test_every_rule_that_is_written_is_in_the_table() -> None:
    files = Path(sys.modules["streams.rules"].__path__[0]).glob("*.py")
    written = {path.stem for path in files if " = Rule(\n" in path.read_text(encoding="utf-8")}
    assert written == {rule.name for rule in RULES}


def unknown_reasons(rules: Iterable[Rule]) -> list[str]:
    """Returns each reason of a rule that `schemas/domain/reasons/` does not have."""
    unknown = []
    for rule in rules:
        codes = [code for code in rule.reasons if code not in REASONS]
        unknown += [f"{rule.name} gives {code}" for code in codes]
    return unknown


def reasons_never_given(rules: Iterable[Rule]) -> list[str]:
    """Returns the codes that no rule gives, and no door for a code that it cannot trust."""
    given = set(REASON_OF_FAULT.values())
    for rule in rules:
        given.update(rule.reasons)
    return [code for code in REASONS if code not in given]
