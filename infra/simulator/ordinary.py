"""Ordinary life: trips, paper forms, doses, and a bus. It raises nothing."""

from datetime import datetime, timedelta
from typing import Any

from infra.simulator.builder import MINUTE, Builder
from infra.simulator.citizens import Citizen
from infra.simulator.day import FIRST_DAY, instant
from infra.simulator.names import WAYS_OF_WRITING
from schemas.documents import paper_serial

PAPER_SHARE = 0.02
HOURS = (1, 1, 1, 1, 2, 5, 8, 9, 8, 7, 6, 6, 5, 5, 6, 7, 8, 24, 10, 5, 3, 2, 1, 1)
"""Weight of each hour; from 17 to 18 h everybody is on the road."""
BUS_SEATS = 20


def ordinary_trip(builder: Builder, person: Citizen, day: int) -> None:
    hour = builder.rng.choices(range(24), HOURS)[0] + builder.rng.random()
    departure = instant(day, max(hour, 1.0))
    declared = departure - timedelta(minutes=builder.rng.randrange(2, 55))
    on_paper = builder.rng.random() < PAPER_SHARE
    shown: dict[str, Any] = {}
    if on_paper:
        shown = paper_form(builder, person, declared, departure)
    else:
        shown["token_of"] = builder.declare(person, declared, departure, name=builder.rng.choice(WAYS_OF_WRITING)(person.full_name))
    for leg in range(builder.rng.choice((1, 1, 2))):
        at = departure + timedelta(minutes=5 + 40 * leg + builder.rng.randrange(30))
        builder.scan(person, at, builder.post(), **(shown or {"number": builder.number(person)}))


def paper_form(builder: Builder, person: Citizen, declared: datetime, departure: datetime) -> dict[str, Any]:
    """Filled in at the post, keyed hours later; the post scans the form's serial."""
    serial = paper_serial(2021, builder.tags)
    keyed = declared + timedelta(hours=builder.rng.randrange(2, 9))
    builder.declare(person, declared, departure, reaches=keyed, channel="paper", paper_serial=serial)
    return {"number": serial}


def ordinary_doses(builder: Builder, person: Citizen) -> None:
    first = FIRST_DAY - timedelta(days=builder.rng.randrange(40, 150))
    builder.dose(person, 1, first, name=builder.rng.choice(WAYS_OF_WRITING)(person.full_name))
    if builder.rng.random() < 0.4:
        builder.dose(person, 2, first + timedelta(days=builder.rng.randrange(21, 39)))


def bus(builder: Builder) -> None:
    """Its passengers have declared; they get off one by one, and pass a post together."""
    departure, plate, post = builder.daytime(), builder.plate(), builder.post()
    for seat in range(builder.rng.randrange(3, BUS_SEATS)):
        person, declared = builder.somebody(), departure - builder.rng.randrange(5, 60) * MINUTE
        arrives = departure + timedelta(minutes=builder.rng.randrange(60, 240))
        builder.declare(person, declared, departure, arrives=arrives, transport_mode="bus", vehicle_plate=plate)
        builder.scan(person, departure + 20 * MINUTE + timedelta(seconds=10 * seat), post, number=builder.number(person), plate=plate)
