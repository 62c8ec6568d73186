"""Ordinary life: trips, paper forms, doses, and a bus. It raises nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.day import FIRST_DAY, instant
from infra.tools.simulator.names import WAYS_OF_WRITING
from infra.tools.simulator.ways import minutes_between
from schemas.domain.documents import paper_serial

PAPER_SHARE, BACK_SHARE, SECOND_DOSE_SHARE = 0.02, 0.3, 0.4
HOURS = (1, 1, 1, 1, 2, 5, 8, 9, 8, 7, 6, 6, 5, 5, 6, 7, 8, 24, 10, 5, 3, 2, 1, 1)
"""Weight of each hour; from 17 to 18 h everybody is on the road."""
FIRST_HOUR, LAST_HOUR = 4.0, 22.0
"""People depart between them, so that nobody is still under way when the next day begins."""
BUS_SEATS = 20


def ordinary_trip(builder: Builder, person: Citizen, day: int) -> None:
    """Takes a person from home, or back there, by the checkpoints that lie on the way."""
    hour = builder.rng.choices(range(24), HOURS)[0] + builder.rng.random()
    departure = instant(day, min(max(hour, FIRST_HOUR), LAST_HOUR))
    declared = departure - timedelta(minutes=builder.rng.randrange(2, 55))
    home, away = person.home_code, builder.ways.destination(builder.rng, person.home_code)
    ends: dict[str, Any] = {"origin": home, "to": away}
    if builder.rng.random() < BACK_SHARE:
        ends = {"origin": away, "to": home}
    shown: dict[str, Any] = {}
    if builder.rng.random() < PAPER_SHARE:
        shown["number"] = _paper_form(builder, person, declared, departure, ends)
    else:
        name = builder.rng.choice(WAYS_OF_WRITING)(person.full_name)
        shown["token_of"] = builder.declare(person, declared, departure, name=name, **ends)
    for checkpoint, at in _drive_by(builder, person, departure):
        builder.scan(person, at, checkpoint, **shown)


def ordinary_doses(builder: Builder, person: Citizen) -> None:
    """Gives a person a first dose, and to some the second at the right time."""
    first = FIRST_DAY - timedelta(days=builder.rng.randrange(40, 150))
    builder.dose(person, 1, first, name=builder.rng.choice(WAYS_OF_WRITING)(person.full_name))
    if builder.rng.random() < SECOND_DOSE_SHARE:
        builder.dose(person, 2, first + timedelta(days=builder.rng.randrange(21, 39)))


def bus(builder: Builder) -> None:
    """Fills a bus whose passengers have declared its way, and pass a checkpoint together."""
    departure, plate = builder.daytime(), builder.new_plate()
    origin = builder.rng.choice(builder.homes)
    to = builder.ways.destination(builder.rng, origin)
    passed = builder.rng.choice(builder.ways.passings(origin, to))
    for seat in range(builder.rng.randrange(3, BUS_SEATS)):
        person = builder.next_person()
        builder.declare(
            person,
            departure - builder.rng.randrange(5, 60) * MINUTE,
            departure,
            origin=origin,
            to=to,
            arrives=departure + builder.rng.randrange(60, 240) * MINUTE,
            transport_mode="bus",
            vehicle_plate=plate,
        )
        at = departure + passed.after + timedelta(seconds=10 * seat)
        builder.scan(person, at, passed.checkpoint, number=builder.number(person), plate=plate)


def _paper_form(
    builder: Builder,
    person: Citizen,
    declared: datetime,
    departure: datetime,
    ends: dict[str, str],
) -> str:
    """Returns the serial that the checkpoint scans; the form is filled in there, keyed later."""
    serial = paper_serial(2021, builder.tags)
    keyed = declared + timedelta(hours=builder.rng.randrange(2, 9))
    paper: dict[str, Any] = {"channel": "paper", "paper_serial": serial, **ends}
    builder.declare(person, declared, departure, reaches=keyed, **paper)
    return serial


def _drive_by(
    builder: Builder, person: Citizen, departure: datetime
) -> Iterator[tuple[str, datetime]]:
    """Yields one checkpoint of the way, or two, at a driver's own pace and with a wait at each."""
    passed = builder.passed[person.number]
    stops = min(len(passed), builder.rng.choice((1, 1, 2)))
    places = sorted(builder.rng.sample(range(len(passed)), stops))
    pace = 1 + builder.rng.random() / 2
    at, before = departure + passed[places[0]].after, ""
    for place in places:
        checkpoint = passed[place].checkpoint
        driven = minutes_between(before, checkpoint) * pace if before else 0.0
        at += timedelta(seconds=int(60 * (driven + builder.rng.randrange(2, 12))))
        yield checkpoint, at
        before = checkpoint
