"""Into, out of and inside the red commune; the same a minute before its decision must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import (
    RED_COMMUNE,
    RED_FROM,
    RED_POST,
    YELLOW_COMMUNE,
    entry_id_of_declaration,
)
from infra.tools.simulator.ways import ELSEWHERE, minutes_between


def into_red_zone(builder: Builder) -> None:
    person, departure = (
        builder.somebody(),
        RED_FROM + timedelta(minutes=builder.rng.randrange(60, 400)),
    )
    tag = builder.declare(person, departure - 25 * MINUTE, departure, to=RED_COMMUNE)
    builder.plant("red_zone_crossing", entry_id_of_declaration(tag))
    early = RED_FROM - MINUTE
    builder.near_miss(
        builder.declare(
            builder.somebody(),
            early - 30 * MINUTE,
            early - 5 * MINUTE,
            to=RED_COMMUNE,
            arrives=early,
        )
    )


def out_of_red_zone(builder: Builder) -> None:
    departure = RED_FROM + timedelta(minutes=builder.rng.randrange(60, 400))
    tag = builder.declare(
        builder.somebody(), departure - 25 * MINUTE, departure, origin=RED_COMMUNE
    )
    builder.plant("red_zone_crossing", entry_id_of_declaration(tag))
    builder.near_miss(
        builder.declare(
            builder.somebody(), RED_FROM - 30 * MINUTE, RED_FROM - MINUTE, origin=RED_COMMUNE
        )
    )


def scanned_in_red_zone(builder: Builder) -> None:
    red, before = builder.somebody(), builder.somebody()
    at = RED_FROM + timedelta(minutes=builder.rng.randrange(0, 500))
    for person, scanned_at, planted in (
        (red, max(at, RED_FROM + MINUTE), True),
        (before, RED_FROM - MINUTE, False),
    ):
        builder.declare(
            person, scanned_at - 50 * MINUTE, scanned_at - 20 * MINUTE, to=ELSEWHERE["Quy Nhơn"]
        )
        scanned = builder.scan(person, scanned_at, RED_POST, number=builder.number(person))
        builder.plant("red_zone_crossing", scanned) if planted else builder.near_miss(scanned)


def let_pass(builder: Builder) -> None:
    """Whom the policy lets pass, at the post as on the form; the other way round it lets nobody."""
    person, departure = (
        builder.somebody(),
        RED_FROM + timedelta(minutes=builder.rng.randrange(60, 400)),
    )
    tag = builder.declare(
        person, departure - 25 * MINUTE, departure, origin=YELLOW_COMMUNE, to=RED_COMMUNE
    )
    builder.near_miss(tag)
    arrival = departure + timedelta(minutes=minutes_between(YELLOW_COMMUNE, RED_POST))
    builder.near_miss(builder.scan(person, arrival, RED_POST, number=builder.number(person)))
    tag = builder.declare(
        builder.somebody(),
        departure - 25 * MINUTE,
        departure,
        origin=RED_COMMUNE,
        to=YELLOW_COMMUNE,
    )
    builder.plant("red_zone_crossing", entry_id_of_declaration(tag))
