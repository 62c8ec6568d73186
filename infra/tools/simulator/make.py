"""Makes a world from a seed: what is planted first, then ordinary life for everybody left."""

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import ZONES, iso
from infra.tools.simulator.ordinary import bus, ordinary_doses, ordinary_trip
from infra.tools.simulator.plants import all_plants
from infra.tools.simulator.world import World
from schemas.domain.pseudonyms import Pseudonyms

TRAVELLERS_SHARE, VACCINATED_SHARE = 0.35, 0.6


def make_world(seed: int, citizens: int, days: int, pseudonyms: Pseudonyms) -> World:
    """Returns the same world for the same arguments."""
    builder = Builder(seed, citizens, days, pseudonyms)
    plants = all_plants()
    for _ in range(builder.plants_of_each):
        for plant in plants:
            plant(builder)
        bus(builder)
    _live(builder, days)
    _decide_zones(builder)
    builder.world.happenings.sort(key=lambda happening: happening.at)
    return builder.world


def _live(builder: Builder, days: int) -> None:
    people = builder.everybody_left()
    travellers = people[: int(len(people) * TRAVELLERS_SHARE)]
    for day in range(days):
        for person in travellers:
            ordinary_trip(builder, person, day)
    for person in people[-int(len(people) * VACCINATED_SHARE) :]:
        ordinary_doses(builder, person)


def _decide_zones(builder: Builder) -> None:
    for zone in ZONES:
        body = {
            "unit_code": zone.unit_code,
            "level": zone.level,
            "valid_from": iso(zone.since),
            "decision": "QĐ mô phỏng",
        }
        builder.happen(zone.since, "zone", body)
