"""The synthetic province: a seed makes one world, and nothing ordinary looks like a fault.

Every part is on its own person.
"""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from api.http.tables import rows_of
from infra.tools.simulator.citizens import PROVINCE_OF_BIRTH, Citizen
from infra.tools.simulator.day import RED_CHECKPOINT, RED_COMMUNE, RED_FROM, YELLOW_COMMUNE, ZONES
from infra.tools.simulator.files import write_files
from infra.tools.simulator.make import make_world
from infra.tools.simulator.plants import planted_rules
from infra.tools.simulator.world import World, read_checkpoints
from schemas.contract.ids import derive_id
from schemas.domain.documents import cccd_facts
from schemas.domain.places import is_valid_place, parents
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.roads import shipped_checkpoints
from streams.matching.names import compare_names

PSEUDONYMS = Pseudonyms("key-of-the-tests")


def planted_by(world: World, rule: str) -> set[str]:
    return {subject for planted_rule, subject in world.truth.planted if planted_rule == rule}


def bodies(world: World, kind: str) -> Iterator[dict[str, Any]]:
    return (happening.body for happening in world.happenings if happening.kind == kind)


def entry_id(declaration: dict[str, Any]) -> str:
    return derive_id("declaration-submitted", declaration["declaration_id"])


def owner_of_document(world: World) -> dict[str, Citizen]:
    owners = {}
    for citizen in world.citizens:
        owners[citizen.number] = citizen
        if citizen.cmnd:
            owners[citizen.cmnd] = citizen
    return owners


def touches_red(declaration: dict[str, Any]) -> bool:
    """Whether somebody leaves the red commune, or enters it, after the decision."""
    departure = datetime.fromisoformat(declaration["departure_at"])
    arrival = datetime.fromisoformat(declaration["arrival_at"])
    leaves = declaration["origin_code"] == RED_COMMUNE and departure >= RED_FROM
    enters = declaration["destination_code"] == RED_COMMUNE and arrival >= RED_FROM
    return leaves or enters


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(seed=7, citizens=3_000, days=1, pseudonyms=PSEUDONYMS)


def test_same_seed_makes_the_same_world(world: World) -> None:
    again = make_world(seed=7, citizens=3_000, days=1, pseudonyms=PSEUDONYMS)
    other = make_world(seed=8, citizens=3_000, days=1, pseudonyms=PSEUDONYMS)
    assert again.happenings == world.happenings
    assert again.doses == world.doses
    assert again.truth.planted == world.truth.planted
    assert other.happenings != world.happenings


def test_every_rule_is_planted_beside_near_misses(world: World) -> None:
    rules = {rule for rule, _ in world.truth.planted}
    assert rules == set(planted_rules())
    assert world.truth.near_misses


def test_numbers_have_the_structure_of_issued_ones(world: World) -> None:
    for citizen in world.citizens:
        facts = cccd_facts(citizen.number)
        assert facts.province_code == PROVINCE_OF_BIRTH
        assert facts.sex == citizen.sex
        assert facts.birth_year == citizen.birth_date.year
    assert len({citizen.number for citizen in world.citizens}) == len(world.citizens)


def test_people_live_in_the_provinces_communes_by_its_population(world: World) -> None:
    assert all(
        is_valid_place(citizen.home_code) and "51" in parents(citizen.home_code)
        for citizen in world.citizens
    )
    in_city = sum("522" in parents(citizen.home_code) for citizen in world.citizens)
    assert 0.15 < in_city / len(world.citizens) < 0.25


def test_every_shipped_post_has_its_traffic() -> None:
    assert {checkpoint.checkpoint_id for checkpoint in read_checkpoints()} == set(
        shipped_checkpoints()
    )
    assert all(
        is_valid_place(checkpoint.described.unit_code) and checkpoint.weight > 0
        for checkpoint in read_checkpoints()
    )


def test_nobody_who_travels_lives_where_a_zone_is_decided(world: World) -> None:
    zones = {zone.unit_code for zone in ZONES}
    travellers = {number for number, *_ in world.stays}
    homes = {citizen.number: citizen.home_code for citizen in world.citizens}
    assert not zones & {homes.get(traveller, "") for traveller in travellers}
    assert zones & set(homes.values()), "people do live there"


def test_every_zone_decision_of_the_day_reaches_the_doors(world: World) -> None:
    decided = [happening for happening in world.happenings if happening.kind == "zone"]
    assert {happening.body["unit_code"] for happening in decided} == {
        zone.unit_code for zone in ZONES
    }


def test_only_planted_journeys_touch_the_red_commune_after_its_decision(world: World) -> None:
    planted = planted_by(world, "red_zone_crossing")
    for body in bodies(world, "declaration"):
        flagged = touches_red(body) and body["origin_code"] != YELLOW_COMMUNE
        assert flagged == (entry_id(body) in planted)


def test_only_planted_scans_are_in_the_red_commune_after_its_decision(world: World) -> None:
    planted = planted_by(world, "red_zone_crossing")
    owners = owner_of_document(world)
    let_pass = {
        owners[body["document_number"]].number
        for body in bodies(world, "declaration")
        if (body["origin_code"], body["destination_code"]) == (YELLOW_COMMUNE, RED_COMMUNE)
    }
    for body in bodies(world, "scan"):
        if world.person_of_scan[body["scan_id"]] in let_pass:
            continue
        at_checkpoint = body["checkpoint_id"] == RED_CHECKPOINT
        in_red = at_checkpoint and datetime.fromisoformat(body["scanned_at"]) >= RED_FROM
        assert in_red == (body["scan_id"] in planted)


def test_only_planted_declarations_bear_another_name(world: World) -> None:
    planted = planted_by(world, "identity_mismatch")
    owners = owner_of_document(world)
    for body in bodies(world, "declaration"):
        owner = owners.get(body["document_number"])
        if owner and compare_names(body["full_name"], owner.full_name) == "different":
            assert entry_id(body) in planted


def test_files_are_what_the_doors_take(world: World, tmp_path: Path) -> None:
    files = write_files(world, tmp_path)
    citizens = list(rows_of("text/csv", BytesIO(files["citizens"].read_bytes())))
    assert len(citizens) == len(world.citizens)
    assert citizens[0].values is not None
    headings = {"person_number", "full_name", "birth_date", "sex", "permanent_code"}
    assert headings <= set(citizens[0].values)
    doses = list(rows_of("text/csv", BytesIO(files["vaccinations"].read_bytes())))
    assert len(doses) == len(world.doses)
