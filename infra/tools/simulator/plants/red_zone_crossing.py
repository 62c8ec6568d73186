"""Into, out of and inside the red commune; a minute before its decision must stay silent."""

from datetime import datetime, timedelta

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import (
    RED_CHECKPOINT,
    RED_COMMUNE,
    RED_FROM,
    YELLOW_COMMUNE,
    entry_id_of_declaration,
)
from infra.tools.simulator.ways import ELSEWHERE, minutes_between

RULE = "red_zone_crossing"


def into_red_zone(builder: Builder) -> None:
    person, departure = builder.next_person(), _after_decision(builder)
    tag = builder.declare(person, departure - 25 * MINUTE, departure, to=RED_COMMUNE)
    builder.expect(RULE, entry_id_of_declaration(tag))
    person, arrives = builder.next_person(), RED_FROM - MINUTE
    declared, departure = arrives - 30 * MINUTE, arrives - 5 * MINUTE
    builder.declare(person, declared, departure, to=RED_COMMUNE, arrives=arrives)
    builder.near_miss()


def out_of_red_zone(builder: Builder) -> None:
    person, departure = builder.next_person(), _after_decision(builder)
    tag = builder.declare(person, departure - 25 * MINUTE, departure, origin=RED_COMMUNE)
    builder.expect(RULE, entry_id_of_declaration(tag))
    person, departure = builder.next_person(), RED_FROM - MINUTE
    builder.declare(person, RED_FROM - 30 * MINUTE, departure, origin=RED_COMMUNE)
    builder.near_miss()


def scanned_in_red_zone(builder: Builder) -> None:
    after = RED_FROM + timedelta(minutes=builder.rng.randrange(1, 500))
    for at, is_red in ((after, True), (RED_FROM - MINUTE, False)):
        person = builder.next_person()
        declared, departure = at - 50 * MINUTE, at - 20 * MINUTE
        builder.declare(person, declared, departure, to=ELSEWHERE["Quy Nhơn"])
        scanned = builder.scan(person, at, RED_CHECKPOINT, number=builder.number(person))
        builder.expect(RULE, scanned, flagged=is_red)


def let_pass(builder: Builder) -> None:
    """Counts people who go from yellow into red as near misses, on the form and at the checkpoint.

    The policy lets them pass; the other way round it lets nobody pass.
    """
    person, departure = builder.next_person(), _after_decision(builder)
    declared = departure - 25 * MINUTE
    builder.declare(person, declared, departure, origin=YELLOW_COMMUNE, to=RED_COMMUNE)
    builder.near_miss()
    arrival = departure + timedelta(minutes=minutes_between(YELLOW_COMMUNE, RED_CHECKPOINT))
    builder.scan(person, arrival, RED_CHECKPOINT, number=builder.number(person))
    builder.near_miss()
    person = builder.next_person()
    tag = builder.declare(person, declared, departure, origin=RED_COMMUNE, to=YELLOW_COMMUNE)
    builder.expect(RULE, entry_id_of_declaration(tag))


def _after_decision(builder: Builder) -> datetime:
    return RED_FROM + timedelta(minutes=builder.rng.randrange(60, 400))
