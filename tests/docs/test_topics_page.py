"""The generated page of topics is the one that is checked in."""

from infra.tools.docs import TOPICS_PAGE, topics_page
from tests.docs.sections import stale_sections

RENEW = "run python -m infra.tools.docs with the stack up"


def test_topics_page_is_what_the_sources_give() -> None:
    page = TOPICS_PAGE.read_text(encoding="utf-8")
    stale = stale_sections(page, topics_page())
    assert stale == [], f"docs/topics.md is stale at {', '.join(stale)}; {RENEW}"
    assert page == topics_page(), RENEW


def test_a_topic_whose_section_is_stale_is_named() -> None:
    stale = topics_page().replace("## `orders`", "## `odrers`")
    assert stale_sections(stale, topics_page()) == ["odrers", "orders"]
