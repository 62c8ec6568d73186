"""The generated page of topics is the one that is checked in."""

from infra.tools.docs import TOPICS_PAGE, topics_page


def test_topics_page_is_what_the_sources_give() -> None:
    page = TOPICS_PAGE.read_text(encoding="utf-8")
    assert page == topics_page(), "run python -m infra.tools.docs with the stack up"
