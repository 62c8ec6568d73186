"""The table of read models says what the schema and the stage `project` say."""

import re

import pytest

from infra.errors import SetupError
from infra.tools.docs import GOLDEN_SCHEMA
from infra.tools.rebuild.models import READ_MODELS, behind, named, topics_of
from schemas.contract.topics import FLAGS, JOURNAL, OVERRIDES, VERDICTS
from streams.project import COLUMNS, INPUTS, TABLES

SCHEMA = GOLDEN_SCHEMA.read_text(encoding="utf-8")
NO_READ_MODELS = {"positions", "migrations"}
VIEW = re.compile(r"CREATE MATERIALIZED VIEW \w+ TO (\w+)\n.*?\nFROM (\w+)", re.DOTALL)


def test_every_table_is_a_read_model_or_known_to_be_none() -> None:
    assert {model.table for model in READ_MODELS} == set(
        re.findall(r"^CREATE TABLE (\w+)", SCHEMA, re.MULTILINE)
    ) - NO_READ_MODELS


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.table)
def test_each_is_made_from_the_topics_and_views_that_write_it(model: object) -> None:
    table, topics, filled_from = (
        getattr(model, name) for name in ("table", "topics", "filled_from")
    )
    events = {
        event.__name__ for event, tables in TABLES.items() if table in {one.name for one in tables}
    }
    assert set(map(str, topics)) == {topic.name for topic in INPUTS if events & set(topic.events)}
    assert bool(topics) == (table in COLUMNS)
    assert set(filled_from) == {
        source for target, source in VIEW.findall(SCHEMA) if target == table
    }


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.table)
def test_each_says_whose_its_rows_are_where_they_are_somebodys(model: object) -> None:
    created = re.search(rf"CREATE TABLE {getattr(model, 'table')}\n\((.*?)\n\)", SCHEMA, re.DOTALL)  # noqa: B009 -- typed as pytest passes it
    assert created is not None and getattr(model, "by_person") == ("`person_id`" in created[1])  # noqa: B009 -- as above


def test_no_column_of_a_read_model_says_when_it_was_written() -> None:
    """Otherwise a replay could never be equal, and verification would have to leave that column out."""
    assert (
        set(re.findall(r"CREATE TABLE (\w+)\n\((?:(?!\n\)).)*DEFAULT now", SCHEMA, re.DOTALL))
        == NO_READ_MODELS
    )


def test_what_a_view_fills_is_swapped_before_what_it_is_filled_from() -> None:
    order = [model.table for model in READ_MODELS]
    assert all(
        order.index(model.table) < order.index(source)
        for model in READ_MODELS
        for source in model.filled_from
    )


def test_a_table_needs_the_topics_of_all_that_views_fill_it_from() -> None:
    assert {model.table for model in behind(named(["presences_by_place"]))} == {
        "presences_by_place",
        "presences",
        "declarations",
        "scans",
    }
    assert set(map(str, topics_of(named(["timeline"])))) == {
        JOURNAL.name,
        FLAGS.name,
        VERDICTS.name,
        OVERRIDES.name,
    }


def test_a_name_that_is_no_read_model_is_told() -> None:
    with pytest.raises(SetupError, match="no read model positions"):
        named(["positions", "scans"])
