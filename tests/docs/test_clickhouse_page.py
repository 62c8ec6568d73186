"""The manual of the tables is what the golden schema says, as far as no server is needed."""

from typing import Any

from infra.tools.docs import CLICKHOUSE_PAGE, GOLDEN_SCHEMA, clickhouse_page
from tests.docs.sections import stale_sections
from tests.infra.clickhouse.golden_schema import GoldenSchema

RENEW = "run dibiendong up --only migrations, then python -m infra.tools.docs"
SCHEMA = GOLDEN_SCHEMA.read_text(encoding="utf-8")
PAGE = CLICKHOUSE_PAGE.read_text(encoding="utf-8")


def page_of(schema: str) -> str:
    client: Any = GoldenSchema(schema)
    return clickhouse_page(client)


def test_the_manual_of_the_tables_is_what_the_golden_schema_says() -> None:
    stale = stale_sections(PAGE, page_of(SCHEMA))
    assert stale == [], f"docs/clickhouse.md is stale at {', '.join(stale)}; {RENEW}"
    assert page_of(SCHEMA) == PAGE, RENEW


def test_a_table_whose_section_is_stale_is_named() -> None:
    changed = SCHEMA.replace("'Id of the cancelling event'", "'Id of the event'", 1)
    changed = changed.replace("`status` LowCardinality(String)", "`status` String", 1)
    changed = changed.replace("CREATE TABLE timeline\n", "CREATE TABLE time_line\n")
    stale = stale_sections(page_of(SCHEMA), page_of(changed))
    assert stale == ["cancellations", "cases", "time_line", "timeline"]
