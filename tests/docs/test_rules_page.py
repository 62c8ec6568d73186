"""The page of rules is the one that the rules would write now."""

from dataclasses import replace

import pytest

from infra.settings import CHECKOUT
from streams.rules import RULES, page
from streams.rules.page import rules_page
from tests.docs.sections import stale_sections

RENEW = "run: python -m streams.rules.page > docs/rules.md"
PAGE = (CHECKOUT / "docs" / "rules.md").read_text(encoding="utf-8")


def test_the_page_of_rules_is_up_to_date() -> None:
    stale = stale_sections(PAGE, rules_page())
    assert stale == [], f"docs/rules.md is stale at {', '.join(stale)}; {RENEW}"
    assert rules_page() == PAGE, RENEW


def test_a_rule_whose_section_is_stale_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_page()
    first, second, *others = RULES
    changed = replace(first, example="Something else happens.")
    added = replace(second, name="two_faces")
    monkeypatch.setattr(page, "RULES", (changed, second, added, *others))
    assert stale_sections(before, rules_page()) == sorted([first.name, "two_faces"])


def test_a_rule_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_page()
    monkeypatch.setattr(page, "RULES", RULES[1:])
    assert stale_sections(before, rules_page()) == [RULES[0].name]
