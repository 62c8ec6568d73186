"""Makes a world from a seed: what is planted first, then ordinary life for everybody who is left."""

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import (
    RED_COMMUNE,
    RED_FROM,
    TESTED_COMMUNE,
    TESTED_FROM,
    YELLOW_COMMUNE,
    Happening,
    instant,
    iso,
)
from infra.tools.simulator.ordinary import bus, ordinary_doses, ordinary_trip
from infra.tools.simulator.plants import PLANTS
from infra.tools.simulator.world import World
from schemas.domain.pseudonyms import Pseudonyms

TRAVELLERS_SHARE, VACCINATED_SHARE = 0.35, 0.6


def make_world(seed: int, citizens: int, days: int, pseudonyms: Pseudonyms) -> World:
    builder = Builder(seed, citizens, days, pseudonyms)
    for _ in range(builder.each):
        for plant in PLANTS:
            plant(builder)
        bus(builder)
    _live(builder, days)
    levels = (
        (YELLOW_COMMUNE, "yellow", instant(0, 0)),
        (RED_COMMUNE, "red", RED_FROM),
        (TESTED_COMMUNE, "orange", TESTED_FROM),
    )
    for unit_code, level, since in levels:
        decided = {
            "unit_code": unit_code,
            "level": level,
            "valid_from": iso(since),
            "decision": "QĐ mô phỏng",
        }
        builder.world.happenings.append(Happening(since, "zone", decided))
    builder.world.happenings.sort(key=lambda one: one.at)
    return builder.world


def _live(builder: Builder, days: int) -> None:
    ordinary = list(builder.cast)
    travellers = ordinary[: int(len(ordinary) * TRAVELLERS_SHARE)]
    for day in range(days):
        for person in travellers:
            ordinary_trip(builder, person, day)
    for person in ordinary[-int(len(ordinary) * VACCINATED_SHARE) :]:
        ordinary_doses(builder, person)
