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

PAPER_SHARE, BACK_SHARE = 0.02, 0.3
HOURS = (1, 1, 1, 1, 2, 5, 8, 9, 8, 7, 6, 6, 5, 5, 6, 7, 8, 24, 10, 5, 3, 2, 1, 1)
"""Weight of each hour; from 17 to 18 h everybody is on the road."""
FIRST_HOUR, LAST_HOUR = 4.0, 22.0
"""Of departure: so that nobody is still on yesterday's way when today's begins."""
BUS_SEATS = 20


def ordinary_trip(builder: Builder, person: Citizen, day: int) -> None:
    """From home or back there, by the posts that lie on the way."""
    hour = builder.rng.choices(range(24), HOURS)[0] + builder.rng.random()
    departure = instant(day, min(max(hour, FIRST_HOUR), LAST_HOUR))
    declared = departure - timedelta(minutes=builder.rng.randrange(2, 55))
    ends: dict[str, Any] = {
        "origin": person.home_code,
        "to": builder.ways.destination(builder.rng, person.home_code),
    }
    if builder.rng.random() < BACK_SHARE:
        ends = {"origin": ends["to"], "to": ends["origin"]}
    on_paper = builder.rng.random() < PAPER_SHARE
    shown: dict[str, Any] = {}
    if on_paper:
        shown = paper_form(builder, person, declared, departure, ends)
    else:
        name = builder.rng.choice(WAYS_OF_WRITING)(person.full_name)
        shown["token_of"] = builder.declare(person, declared, departure, name=name, **ends)
    for post, at in drive_by(builder, person, departure):
        builder.scan(person, at, post, **(shown or {"number": builder.number(person)}))


def drive_by(
    builder: Builder, person: Citizen, departure: datetime
) -> Iterator[tuple[str, datetime]]:
    """One post of the way, or two of them, at a driver's own pace and with a wait at each."""
    passed = builder.passed[person.number]
    places = sorted(
        builder.rng.sample(range(len(passed)), min(len(passed), builder.rng.choice((1, 1, 2))))
    )
    pace, at, before = 1 + builder.rng.random() / 2, departure + passed[places[0]].after, ""
    for post in (passed[place].post for place in places):
        driven = minutes_between(before, post) * pace if before else 0.0
        at += timedelta(seconds=int(60 * (driven + builder.rng.randrange(2, 12))))
        yield post, at
        before = post


def paper_form(
    builder: Builder, person: Citizen, declared: datetime, departure: datetime, ends: dict[str, Any]
) -> dict[str, Any]:
    """Filled in at the post, keyed hours later; the post scans the form's serial."""
    serial = paper_serial(2021, builder.tags)
    keyed = declared + timedelta(hours=builder.rng.randrange(2, 9))
    builder.declare(
        person, declared, departure, reaches=keyed, channel="paper", paper_serial=serial, **ends
    )
    return {"number": serial}


def ordinary_doses(builder: Builder, person: Citizen) -> None:
    first = FIRST_DAY - timedelta(days=builder.rng.randrange(40, 150))
    builder.dose(person, 1, first, name=builder.rng.choice(WAYS_OF_WRITING)(person.full_name))
    if builder.rng.random() < 0.4:
        builder.dose(person, 2, first + timedelta(days=builder.rng.randrange(21, 39)))


def bus(builder: Builder) -> None:
    """Its passengers have declared its way; they get off one by one, and pass a post together."""
    departure, plate, origin = builder.daytime(), builder.plate(), builder.rng.choice(builder.homes)
    to = builder.ways.destination(builder.rng, origin)
    passed = builder.rng.choice(builder.ways.passings(origin, to))
    for seat in range(builder.rng.randrange(3, BUS_SEATS)):
        person, declared = builder.somebody(), departure - builder.rng.randrange(5, 60) * MINUTE
        arrives = departure + timedelta(minutes=builder.rng.randrange(60, 240))
        builder.declare(
            person,
            declared,
            departure,
            origin=origin,
            to=to,
            arrives=arrives,
            transport_mode="bus",
            vehicle_plate=plate,
        )
        at = departure + passed.after + timedelta(seconds=10 * seat)
        builder.scan(person, at, passed.post, number=builder.number(person), plate=plate)
