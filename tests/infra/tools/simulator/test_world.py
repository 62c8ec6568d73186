"""The synthetic province: the same seed the same world, every part on its own person, nothing ordinary where a fault could be read."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from api.http.tables import rows_of
from infra.tools.simulator.citizens import PROVINCE_OF_BIRTH
from infra.tools.simulator.day import RED_COMMUNE, RED_FROM, RED_POST, YELLOW_COMMUNE
from infra.tools.simulator.files import write_files
from infra.tools.simulator.make import make_world
from infra.tools.simulator.world import World, read_posts
from schemas.contract.ids import derive_id
from schemas.domain.documents import cccd_facts
from schemas.domain.places import is_valid_place, parents
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.roads import shipped_posts
from streams.matching.names import compare_names

PSEUDONYMS = Pseudonyms("key-of-the-tests")


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(seed=7, citizens=3_000, days=1, pseudonyms=PSEUDONYMS)


def test_same_seed_makes_the_same_world(world: World) -> None:
    again, other = (
        make_world(seed=seed, citizens=3_000, days=1, pseudonyms=PSEUDONYMS) for seed in (7, 8)
    )
    assert (again.happenings, again.doses, again.truth.planted) == (
        world.happenings,
        world.doses,
        world.truth.planted,
    )
    assert other.happenings != world.happenings


def test_every_rule_is_planted_beside_near_misses(world: World) -> None:
    rules = {rule for rule, _ in world.truth.planted}
    assert rules == {
        "health_declared",
        "identity_mismatch",
        "unknown_document",
        "no_valid_declaration",
        "red_zone_crossing",
        "vaccination_mismatch",
        "impossible_travel",
        "off_declared_route",
        "destination_not_reached",
        "number_contradiction",
        "two_names",
        "green_lane",
        "under_order",
        "case_at_post",
        "code_not_in_force",
        "code_of_another",
        "code_not_trusted",
        "plate_not_declared",
        "residence_mismatch",
        "certificate",
        "health_test",
        "dose_sequence",
        "dose_record",
    }
    assert world.truth.near_misses


def test_numbers_have_the_structure_of_issued_ones(world: World) -> None:
    for citizen in world.citizens:
        facts = cccd_facts(citizen.number)
        assert (facts.province_code, facts.sex, facts.birth_year) == (
            PROVINCE_OF_BIRTH,
            citizen.sex,
            citizen.birth_date.year,
        )
    assert len({citizen.number for citizen in world.citizens}) == len(world.citizens)


def test_people_live_in_the_provinces_communes_by_its_population(world: World) -> None:
    assert all(
        is_valid_place(citizen.home_code) and "51" in parents(citizen.home_code)
        for citizen in world.citizens
    )
    in_city = sum("522" in parents(citizen.home_code) for citizen in world.citizens) / len(
        world.citizens
    )
    assert 0.15 < in_city < 0.25


def test_every_shipped_post_has_its_traffic() -> None:
    assert {post.checkpoint_id for post in read_posts()} == set(shipped_posts())
    assert all(
        is_valid_place(post.described.unit_code) and post.weight > 0 for post in read_posts()
    )


def test_only_planted_journeys_touch_the_red_commune_after_its_decision(world: World) -> None:
    planted = {subject for rule, subject in world.truth.planted if rule == "red_zone_crossing"}
    owners = {
        number: citizen.number
        for citizen in world.citizens
        for number in (citizen.number, citizen.cmnd)
    }
    passages = (
        one.body for one in world.happenings if one.body.get("origin_code") == YELLOW_COMMUNE
    )
    let_pass = {
        owners[body["document_number"]]
        for body in passages
        if body["destination_code"] == RED_COMMUNE
    }
    for one in world.happenings:
        body = one.body
        if one.kind == "declaration":
            leaves = (
                body["origin_code"] == RED_COMMUNE
                and datetime.fromisoformat(body["departure_at"]) >= RED_FROM
            )
            enters = (
                body["destination_code"] == RED_COMMUNE
                and datetime.fromisoformat(body["arrival_at"]) >= RED_FROM
            )
            told = (leaves or enters) and body["origin_code"] != YELLOW_COMMUNE
            assert told == (derive_id("declaration-submitted", body["declaration_id"]) in planted)
        if one.kind == "scan" and world.person_of_scan[body["scan_id"]] not in let_pass:
            in_red = (
                body["checkpoint_id"] == RED_POST
                and datetime.fromisoformat(body["scanned_at"]) >= RED_FROM
            )
            assert in_red == (body["scan_id"] in planted)


def test_only_planted_declarations_bear_another_name(world: World) -> None:
    planted = {subject for rule, subject in world.truth.planted if rule == "identity_mismatch"}
    names = {
        number: citizen.full_name
        for citizen in world.citizens
        for number in (citizen.number, citizen.cmnd)
    }
    for one in world.happenings:
        if one.kind == "declaration" and one.body["document_number"] in names:
            likeness = compare_names(one.body["full_name"], names[one.body["document_number"]])
            if likeness == "different":
                assert derive_id("declaration-submitted", one.body["declaration_id"]) in planted


def test_files_are_what_the_doors_take(world: World, tmp_path: Path) -> None:
    files = write_files(world, tmp_path)
    citizens = list(rows_of("text/csv", BytesIO(files["citizens"].read_bytes())))
    assert len(citizens) == len(world.citizens)
    assert citizens[0].values is not None
    assert {"person_number", "full_name", "birth_date", "sex", "permanent_code"} <= set(
        citizens[0].values
    )
    assert len(list(rows_of("text/csv", BytesIO(files["vaccinations"].read_bytes())))) == len(
        world.doses
    )
