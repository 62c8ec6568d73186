"""Trips are believable: the rules of the roads find what was planted, and nothing else.

They judge worlds of several days.
"""

from collections import defaultdict
from datetime import datetime

import pytest

from infra.tools.simulator.make import make_world
from infra.tools.simulator.policy import POLICY
from infra.tools.simulator.world import World
from schemas.contract.ids import derive_id
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reference import Reference
from streams.rules.destination_not_reached import DESTINATION_NOT_REACHED
from streams.rules.entries import Journey, Match, Scan
from streams.rules.history import History
from streams.rules.impossible_travel import IMPOSSIBLE_TRAVEL
from streams.rules.off_declared_route import OFF_DECLARED_ROUTE
from streams.rules.rule import Rule
from tests.streams.people import policy

MATCH = Match(True, "equal", "equal", "equal")


@pytest.fixture(scope="module", params=[7, 2021])
def world(request: pytest.FixtureRequest) -> World:
    return make_world(
        seed=request.param, citizens=2_000, days=3, pseudonyms=Pseudonyms("key-of-the-tests")
    )


@pytest.fixture(scope="module")
def histories(world: World) -> list[History]:
    """The history of everybody, as if each document were known as the right person's."""
    owners = {citizen.cmnd: citizen.number for citizen in world.citizens if citizen.cmnd}
    people: defaultdict[str, History] = defaultdict(History)
    for happening in world.happenings:
        body = happening.body
        if happening.kind == "declaration":
            number = body["document_number"]
            people[owners.get(number, number)].keep(journey(body))
        if happening.kind == "scan":
            people[world.person_of_scan[body["scan_id"]]].keep(scan(body))
    return list(people.values())


def journey(body: dict[str, str]) -> Journey:
    return Journey(
        entry_id=derive_id("declaration-submitted", body["declaration_id"]),
        document_key="",
        revision=0,
        reference_version=0,
        match=MATCH,
        occurred_at=datetime.fromisoformat(body["declared_at"]),
        declaration_id=body["declaration_id"],
        origin_code=body["origin_code"],
        destination_code=body["destination_code"],
        departure_at=datetime.fromisoformat(body["departure_at"]),
        arrival_at=datetime.fromisoformat(body["arrival_at"]),
        transport_mode="car",
    )


def scan(body: dict[str, str]) -> Scan:
    return Scan(
        entry_id=body["scan_id"],
        document_key="",
        revision=0,
        reference_version=0,
        match=MATCH,
        occurred_at=datetime.fromisoformat(body["scanned_at"]),
        checkpoint_id=body["checkpoint_id"],
        direction=body["direction"],  # type: ignore[arg-type] # one of the three
        declaration_id=None,
    )


@pytest.mark.parametrize(
    "rule",
    [IMPOSSIBLE_TRAVEL, OFF_DECLARED_ROUTE, DESTINATION_NOT_REACHED],
    ids=lambda rule: rule.name,
)
def test_what_was_planted_is_found_and_nothing_else(
    world: World, histories: list[History], rule: Rule
) -> None:
    known = Reference()
    known.add(0, policy({}, way_back_declared=POLICY["way_back_declared"]))
    reference = known.as_of(0)
    found = set()
    for history in histories:
        for scan in history.scans:
            if rule.judge(scan.entry_id, history, reference):
                found.add(scan.entry_id)
    assert found == {subject for name, subject in world.truth.planted if name == rule.name}
    assert len(found) >= 3


def test_every_post_is_passed_but_the_one_on_the_way_to_the_airport(world: World) -> None:
    """Travellers beyond the northern border take the road: nobody flies."""
    scans = [happening.body for happening in world.happenings if happening.kind == "scan"]
    scanned = {scan["checkpoint_id"] for scan in scans}
    assert scanned >= {checkpoint.checkpoint_id for checkpoint in world.checkpoints} - {
        "chu-lai-road"
    }
