"""Whose people traced people are, on the real vault."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from api.clickhouse import ReadSide
from api.tracing.residences import communes_of, residences_of
from api.tracing.together import Together
from infra.clickhouse.client import connect
from infra.clickhouse.migrate import migrate
from tests.running_stack import RunningStack

EARLIER, LATER = datetime(2021, 9, 1, tzinfo=UTC), datetime(2021, 9, 15, tzinfo=UTC)


@pytest.mark.live
def test_the_register_goes_before_declarations_and_the_newest_of_those_first(servers: RunningStack) -> None:
    registered, declared, nobody = (uuid4().hex for _ in range(3))
    said = [
        (registered, "register", "21025", EARLIER, 0),
        (registered, "declared", "21439", LATER, 0),
        (declared, "declared", "21439", EARLIER, 0),
        (declared, "declared", "21481", LATER, 0),
        (nobody, "declared", "21481", LATER, 1),
    ]
    columns = ["person_id", "document_key", "source", "entry_id", "residence_code", "said_at", "version", "is_deleted"]
    migrate(servers.settings)
    with connect(servers.settings, "writer") as client:
        rows = [[person, person, source, str(at), code, at, 1, deleted] for person, source, code, at, deleted in said]
        client.insert("identity_vault", rows, column_names=columns)
    assert asyncio.run(asked(servers, [registered, declared, nobody])) == {registered: "21025", declared: "21481"}


async def asked(servers: RunningStack, people: list[str]) -> dict[str, str]:
    side = ReadSide(servers.settings)
    try:
        return dict(await residences_of(Together(side), people))
    finally:
        await side.close()


def test_people_are_counted_by_commune_and_those_of_no_known_one_are_told_too() -> None:
    found = communes_of(["a", "b", "c", "d"], {"a": "21439", "b": "21439", "c": "536"})
    assert [(one["unit_code"], one["people"]) for one in found] == [("21439", 2), ("", 1), ("536", 1)]
    assert found[0]["name"] and found[0]["district"] and found[1]["name"] == ""
