"""What holds for all rules."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.domain.reasons import REASONS
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
    assert set(rule.reasons) <= set(REASONS)
    assert rule.name in DEFAULT_POLICY.decisions


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
