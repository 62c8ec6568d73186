"""A forward trace at depth 1 tells who shared a checkpoint with a person.

A set of rules of its own counts scans at one checkpoint that lie at most so many minutes apart, and
nothing else. Every pair of scans is compared with a search through the world's own list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from api.tracing.contacts import Contact
from infra.clickhouse.client import connect
from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.exposure import QD_3638
from tests.api.tracing.expectations import contacts_of
from tests.api.tracing.minutes import at
from tests.api.tracing.random_worlds import in_all_worlds, in_some_worlds
from tests.api.tracing.worlds import Worlds

pytestmark = pytest.mark.live

ALL = -600, 600
"""A period, in minutes, that takes in every scan of a world."""
COLUMNS = ["person_id", "scanned_at", "scan_id", "checkpoint_id", "vehicle_key", "version"]
SCANS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from(("binh-de", "sa-huynh")),
        st.integers(0, 24).map(lambda fives: 5 * fives),
        st.sampled_from(("", "bus")),
    ),
    min_size=2,
    max_size=20,
)


@dataclass(frozen=True)
class Scan:
    person: str
    checkpoint: str
    minute: int
    vehicle: str
    scan_id: str


@pytest.fixture(scope="module")
def client(worlds: Worlds) -> Iterator[Client]:
    with connect(worlds.settings, "writer") as client:
        yield client


def rules_of(minutes: float) -> ExposureRulesAdopted:
    return structs.replace(
        QD_3638,
        rules_id="shared-checkpoints",
        apart_minutes={"post": minutes},
        vehicles_count=False,
        households_count=False,
    )


def write(client: Client, scans: list[tuple[str, str, int, str]]) -> list[Scan]:
    """Writes the scans as the path does; views make presences of them."""
    world = uuid4().hex
    written = [
        Scan(f"{person}{world[1:]}", f"{checkpoint}-{world}", minute, vehicle, str(uuid4()))
        for person, checkpoint, minute, vehicle in scans
    ]
    rows = [
        [
            scan.person,
            at(scan.minute),
            scan.scan_id,
            scan.checkpoint,
            scan.vehicle and f"{scan.vehicle}{world[3:]}",
            1,
        ]
        for scan in written
    ]
    client.insert("scans", rows, column_names=COLUMNS)
    return written


def meetings(scans: list[Scan], person: str, minutes: float) -> set[tuple[str, str, int]]:
    """Returns the person's scan, the other's, and the minutes between, by comparing every pair."""
    pairs = set[tuple[str, str, int]]()
    for own in scans:
        for other in scans:
            apart = abs(own.minute - other.minute)
            if own.person != person or other.person == person or apart > minutes:
                continue
            if own.checkpoint == other.checkpoint:
                pairs.add((own.scan_id, other.scan_id, apart))
    return pairs


def pair_of(contact: Contact) -> tuple[str, str, int]:
    apart = contact.apart_ms // 60_000
    return contact.source_presence_id, contact.contact_presence_id, apart


WORLD = given(scans=SCANS, minutes=st.sampled_from((0, 5, 15, 60)))


def expect_every_pair(
    worlds: Worlds, client: Client, scans: list[tuple[str, str, int, str]], minutes: int
) -> None:
    written = write(client, scans)
    person = written[0].person
    chains = worlds.follow(person, *ALL, 1, rules_of(minutes))
    expected = meetings(written, person, minutes)
    assert {pair_of(contact) for contact in contacts_of(chains)} == expected
    people = {scan.scan_id: scan.person for scan in written}
    assert set(chains.reached()) == {people[other] for _, other, _ in expected}


test_a_forward_trace_at_depth_1_tells_who_shared_a_checkpoint_with_a_person = in_some_worlds(
    60, WORLD(expect_every_pair)
)
test_a_forward_trace_at_depth_1_tells_who_shared_a_checkpoint_with_a_person_in_many_worlds = (
    in_all_worlds(60, WORLD(expect_every_pair))
)


def test_a_meeting_counts_where_the_later_scan_lies_in_the_period(
    worlds: Worlds, client: Client
) -> None:
    before, own, after = write(
        client,
        [("b", "binh-de", 0, ""), ("a", "binh-de", 10, ""), ("c", "binh-de", 20, "")],
    )
    met = [
        set(worlds.follow(own.person, since, until, 1, rules_of(15)).reached())
        for since, until in ((5, 15), (5, 25), (15, 25))
    ]
    assert met == [{before.person}, {before.person, after.person}, {after.person}]


def test_a_scan_that_a_link_moved_to_another_person_is_a_meeting_of_that_person(
    worlds: Worlds, client: Client
) -> None:
    own, other = write(client, [("a", "binh-de", 0, ""), ("b", "binh-de", 5, "")])
    now = f"c{other.person[1:]}"
    columns = [*COLUMNS, "is_deleted"]
    scan = [at(other.minute), other.scan_id, other.checkpoint, "", 2]
    client.insert("scans", [[other.person, *scan, 1], [now, *scan, 0]], column_names=columns)
    assert set(worlds.follow(own.person, *ALL, 1, rules_of(15)).reached()) == {now}
