"""The page of rules is the one that the rules would write now."""

from infra.settings import CHECKOUT
from streams.rules.page import rules_page


def test_the_page_of_rules_is_up_to_date() -> None:
    page = (CHECKOUT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == rules_page(), "run: python -m streams.rules.page > docs/rules.md"
