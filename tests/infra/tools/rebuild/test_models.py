"""The table of read models says what the schema and the stage `project` say."""

import re

import pytest

from infra.errors import SetupError
from infra.tools.docs import GOLDEN_SCHEMA
from infra.tools.rebuild.models import READ_MODELS, ReadModel, behind, named, topics_of
from schemas.contract.topics import FLAGS, JOURNAL, OVERRIDES, VERDICTS
from streams.project import COLUMNS, INPUTS, TABLES

SCHEMA = GOLDEN_SCHEMA.read_text(encoding="utf-8")
NO_READ_MODELS = {"positions", "migrations", "migration_steps", "migration_turns"}
VIEW = re.compile(r"CREATE MATERIALIZED VIEW \w+ TO (\w+)\n.*?\nFROM (\w+)", re.DOTALL)


def test_every_table_is_a_read_model_or_known_to_be_none() -> None:
    tables = set(re.findall(r"^CREATE TABLE (\w+)", SCHEMA, re.MULTILINE))
    assert {model.table for model in READ_MODELS} == tables - NO_READ_MODELS


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.table)
def test_each_is_made_from_the_topics_and_views_that_write_it(model: ReadModel) -> None:
    events = set()
    for event, tables in TABLES.items():
        if model.table in [table.name for table in tables]:
            events.add(event.__name__)
    writing = {topic.name for topic in INPUTS if events & set(topic.events)}
    assert {topic.name for topic in model.topics} == writing
    assert bool(model.topics) == (model.table in COLUMNS)
    sources = {source for target, source in VIEW.findall(SCHEMA) if target == model.table}
    assert set(model.filled_from) == sources


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.table)
def test_each_goes_by_person_where_its_rows_name_one(model: ReadModel) -> None:
    columns = re.search(rf"CREATE TABLE {model.table}\n\((.*?)\n\)", SCHEMA, re.DOTALL)
    assert columns is not None
    assert model.by_person == ("`person_id`" in columns[1])


def test_no_column_of_a_read_model_says_when_it_was_written() -> None:
    """A replay could never be equal, or verification would have to leave that column out."""
    with_time = re.findall(r"CREATE TABLE (\w+)\n\((?:(?!\n\)).)*DEFAULT now", SCHEMA, re.DOTALL)
    assert set(with_time) == NO_READ_MODELS


def test_what_a_view_fills_is_swapped_before_what_it_is_filled_from() -> None:
    order = [model.table for model in READ_MODELS]
    for model in READ_MODELS:
        for source in model.filled_from:
            assert order.index(model.table) < order.index(source)


def test_a_table_needs_the_topics_of_all_that_views_fill_it_from() -> None:
    tables = {model.table for model in behind(named(["presences_by_place"]))}
    assert tables == {"presences_by_place", "presences", "declarations", "scans"}
    topics = {topic.name for topic in topics_of(named(["timeline"]))}
    assert topics == {JOURNAL.name, FLAGS.name, VERDICTS.name, OVERRIDES.name}


def test_a_name_that_is_no_read_model_is_refused() -> None:
    with pytest.raises(SetupError, match="no read model positions"):
        named(["positions", "scans"])
