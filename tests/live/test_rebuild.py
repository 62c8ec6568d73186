"""Read models and state are made again from the log while events go on arriving.

They equal what they were, and a verification of wrong rows bites.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.clickhouse.client import connect
from infra.clickhouse.generation import generation
from infra.kafka.offsets import ends
from infra.settings import CHECKOUT
from infra.tools.rebuild.models import READ_MODELS
from infra.tools.rebuild.shadow import shadow_settings
from schemas.contract.topics import TOPICS, VERDICTS
from tests.live_world import World, assert_whole, begin, expected, open_flags
from tests.rebuilding import (
    arriving,
    begin_unseen,
    by_person,
    change,
    has_positions,
    hashes,
    kill_when,
    run,
    shadow_exists,
    succeed,
)
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack of its own runs, for rows that other tests write by hand would not be equal."""
    planned = RunningStack.plan(tmp_path_factory.mktemp("rebuilt"))
    try:
        planned.require("link", "identify", "screen", "project")
        yield planned
    finally:
        planned.down()


@pytest.fixture(scope="module")
def world(own: RunningStack) -> World:
    world, writer = begin(own.settings, seed=611)
    writer.write_citizens(world.citizens)
    writer.write_doors(world.events)
    assert_whole(own.settings, world)
    return world


def test_what_is_rebuilt_has_the_hashes_it_had(own: RunningStack, world: World) -> None:
    own.wait_idle()
    before = hashes(own.settings)
    assert all(
        before[table][0]
        for table in (
            "scans",
            "timeline",
            "presences_by_place",
            "flags",
            "verdicts",
            "identity_vault",
        )
    )
    assert "swapped in" in succeed(own, "rebuild", "timeline", "flags")
    assert hashes(own.settings) == before
    assert not shadow_exists(own.settings)
    with connect(own.settings, "writer") as client:
        assert generation(client) > 0, (
            "a batch that began before the swap would be taken for written"
        )


SCAN_MOVED = """
    INSERT INTO scans SELECT * REPLACE ('elsewhere' AS checkpoint_id) FROM scans FINAL LIMIT 1
"""
FLAG_CLEARED = """
    INSERT INTO flags SELECT * REPLACE ('cleared' AS state) FROM flags FINAL
    WHERE cleared_at IS NULL LIMIT 1
"""
DOSE_DELETED = """
    INSERT INTO vaccinations SELECT * REPLACE (1 AS is_deleted) FROM vaccinations FINAL LIMIT 1
"""


BEHIND_A_SCAN = ["scans", "presences", "presences_by_place", "timeline"]
"""Views pass a row of `scans` on into the others."""


def change_one_person(own: RunningStack, table: str, wrong: str) -> object:
    """Makes a row wrong, and returns whose it is, once a verification has said so."""
    before = by_person(own.settings, table)
    change(own.settings, wrong)
    after = by_person(own.settings, table)
    people = before.keys() | after.keys()
    (person,) = {person for person in people if after.get(person) != before.get(person)}
    found = run(own, "verify", table)
    assert found.returncode == 1, found.stdout + found.stderr
    assert f"{table} of {person}" in found.stdout
    assert "DIFFERS for 1 people" in found.stdout
    return person


@pytest.mark.parametrize(
    ("names", "seed"),
    [(BEHIND_A_SCAN, 612), pytest.param(["project"], 613, marks=pytest.mark.long)],
    ids=["a table and those behind it", "all tables"],
)
def test_a_wrong_row_is_named_and_mended_and_events_that_arrive_meanwhile_are_there_once(
    own: RunningStack, world: World, names: list[str], seed: int
) -> None:
    own.wait_idle()
    before = by_person(own.settings, "scans")
    person = change_one_person(own, "scans", SCAN_MOVED)
    with arriving(own.settings, seed) as another:
        succeed(own, "rebuild", *names)
    assert by_person(own.settings, "scans")[person] == before[person]
    assert_whole(own.settings, another)
    assert_whole(own.settings, world)
    assert "DIFFERS" not in succeed(own, "verify")
    assert "OffsetGap" not in own.log("project")


@pytest.mark.long
def test_verification_under_load_finds_all_equal(own: RunningStack, world: World) -> None:
    with arriving(own.settings, seed=614):
        output = succeed(own, "verify")
    assert output.count("equal") == len(READ_MODELS)


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "wrong"),
    [("scans", SCAN_MOVED), ("flags", FLAG_CLEARED), ("vaccinations", DOSE_DELETED)],
    ids=["scan", "flag", "dose"],
)
def test_verification_names_table_and_person_of_a_changed_row_and_a_rebuild_mends_it(
    own: RunningStack, world: World, table: str, wrong: str
) -> None:
    own.wait_idle()
    before = by_person(own.settings, table)
    change_one_person(own, table, wrong)
    succeed(own, "rebuild", "project")
    assert by_person(own.settings, table) == before
    succeed(own, "verify")


@pytest.mark.long
def test_a_rebuild_killed_half_way_leaves_the_live_tables_and_the_next_one_succeeds(
    own: RunningStack, world: World
) -> None:
    own.wait_idle()
    before = hashes(own.settings)
    shadow = shadow_settings(own.settings)

    def half_way() -> bool:
        return shadow_exists(own.settings) and has_positions(shadow)

    kill_when(half_way, own, "rebuild", "project")
    assert hashes(own.settings) == before
    assert shadow_exists(own.settings)
    succeed(own, "rebuild", "project")
    assert hashes(own.settings) == before
    assert not shadow_exists(own.settings)


@pytest.mark.long
def test_positions_closed_by_a_rebuild_that_was_killed_open_by_themselves(
    own: RunningStack, world: World
) -> None:
    pipe = subprocess.PIPE
    refusals = own.log("project").count(REFUSED)
    with subprocess.Popen(
        [sys.executable, "-c", CLOSING], env=own.env, cwd=CHECKOUT, stdin=pipe, stdout=pipe
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"closed\n"
        another, writer = begin_unseen(own.settings, seed=615)
        writer.write_citizens(another.citizens)
        writer.write_doors(another.events)
        wait_until(lambda: own.log("project").count(REFUSED) > refusals, what="the stage to wait")
        process.send_signal(signal.SIGKILL)
    assert_whole(own.settings, another)
    assert "DIFFERS" not in succeed(own, "verify", "scans", "flags")


REFUSED = "insert into positions: DatabaseError"
CLOSING = """
import sys
from infra.clickhouse.client import connect
from infra.tools.rebuild.swap import closed
from infra.settings import Settings
with connect(Settings(), "writer") as client, closed(client):
    print("closed", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param("link", marks=pytest.mark.long),
        "identify",
        pytest.param("screen", marks=pytest.mark.long),
    ],
)
def test_state_folded_again_gives_the_same_flags_and_no_output_again(
    own: RunningStack, world: World, stage: str
) -> None:
    own.wait_idle()
    oracle = expected(world, own.settings.person_key.get_secret_value())
    written = [topic for topic in TOPICS if stage in topic.producers]
    before = ends(own.settings, written)
    of_before = own.settings.data_dir / "state" / stage / "0" / "rocksdb" / "of_before"
    of_before.touch()
    assert "folded again" in succeed(own, "rebuild", stage)
    assert of_before.parent.exists()
    assert not of_before.exists()
    own.wait_idle()
    # The entries of identify depend on how its inputs interleave: written again, with equal ids,
    # they count once.
    if stage != "identify":
        assert ends(own.settings, written) == before
    assert open_flags(own.settings, oracle, world) == oracle.open_flags()


@pytest.mark.long
def test_state_folded_again_goes_on_as_it_would_have(own: RunningStack, world: World) -> None:
    another, writer = begin(own.settings, seed=616)
    writer.write_citizens(another.citizens)
    writer.write_doors(another.events)
    assert_whole(own.settings, another)
    assert "DIFFERS" not in succeed(own, "verify")


def test_a_log_that_no_longer_begins_at_its_beginning_is_refused(
    own: RunningStack, world: World, tmp_path: Path
) -> None:
    """Runs last, for it takes the first records of a topic away."""
    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import AdminClient

    topic = next(iter(place for place, end in ends(own.settings, [VERDICTS]).items() if end > 1))
    admin = AdminClient({"bootstrap.servers": own.settings.kafka})
    for future in admin.delete_records([TopicPartition(*topic, 1)]).values():
        future.result()
    refused = run(own, "rebuild", "project")
    assert refused.returncode == 2
    assert "timeline (verdicts); verdicts (verdicts)" in refused.stderr
    assert "was not compared" in succeed(own, "verify", "verdicts", "flags")
