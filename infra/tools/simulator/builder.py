"""What a world is built with: people who play one part each, and the forms, scans and doses that they leave at the doors."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from infra.tools.simulator.citizens import Citizen, make_citizens
from infra.tools.simulator.day import (
    RED_COMMUNE,
    RED_POST,
    TESTED_COMMUNE,
    TESTED_POST,
    VIETNAM,
    Happening,
    case_id,
    declaration_id,
    dose_id,
    instant,
    iso,
    order_id,
    scan_id,
    test_id,
)
from infra.tools.simulator.signers import Signers
from infra.tools.simulator.ways import Passing, Ways, minutes_between
from infra.tools.simulator.world import Stay, World, read_posts
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.roads import gates_guarded

PRODUCTS = ("AstraZeneca", "Moderna", "Pfizer", "Vero Cell")
CONTROLLED = (RED_COMMUNE, TESTED_COMMUNE)
"""Nobody who plays a part lives there: their ways would raise what was not planted."""
VACCINATED_FROM = date(2021, 3, 8)
MINUTE = timedelta(minutes=1)
SERIES = "ABCDEFGHKLMNPSTUVXYZ"
"""Letters of the plates, 100,000 numbers each."""


class Builder:
    """Every person plays one part only, so that the truth follows from the parts: an ordinary traveller raises nothing, a planted one
    exactly what was planted."""

    def __init__(self, seed: int, citizens: int, days: int, pseudonyms: Pseudonyms) -> None:
        self.rng, self.days, self.pseudonyms = random.Random(seed), days, pseudonyms
        people = make_citizens(self.rng, citizens)
        self.each = max(3, citizens // 2500)
        """How often each fault is planted."""
        self.strangers = [person for person in people if person.home_code not in CONTROLLED][
            -6 * self.each :
        ]
        unknown = set(self.strangers)
        people = [person for person in people if person not in unknown]
        self.signers = Signers.of(seed)
        self.world = World(citizens=people, posts=read_posts(), trust=self.signers.trust(days))
        self.posts = [
            post for post in self.world.posts if post.checkpoint_id not in (RED_POST, TESTED_POST)
        ]
        grown = [
            person for person in people if person.age >= 16 and person.home_code not in CONTROLLED
        ]
        self.rng.shuffle(grown)
        self.babies = (person for person in people if person.birth_date > VACCINATED_FROM)
        self.cast = iter(grown)
        self.homes = sorted({person.home_code for person in grown})
        self.ways = Ways(self.posts, self.homes)
        self.passed: dict[str, list[Passing]] = {}
        """By personal number: the posts on the way of the journey that was declared last."""
        self.tags = self.plates = 0

    def somebody(self) -> Citizen:
        """Somebody of the register, at least sixteen, who plays no part yet."""
        return next(self.cast)

    def baby(self) -> Citizen | None:
        """Somebody born since doses are given, who plays no part yet."""
        return next(self.babies, None)

    def declare(
        self,
        person: Citizen,
        declared: datetime,
        departure: datetime,
        *,
        name: str | None = None,
        born: str | None = None,
        origin: str | None = None,
        to: str | None = None,
        arrives: datetime | None = None,
        document: str | None = None,
        reaches: datetime | None = None,
        code_wanted: bool = False,
        **more: Any,
    ) -> str:
        tag, origin = self.tag(), origin or person.home_code
        to = to or self.ways.destination(self.rng, origin)
        self.passed[person.number] = self.ways.passings(origin, to)
        arrival = arrives or departure + timedelta(
            minutes=int(minutes_between(origin, to)) + self.rng.randrange(30, 90)
        )
        body = {
            "declaration_id": declaration_id(tag),
            "document_number": document or self.number(person),
            "full_name": name or person.full_name,
            "birth_date": born or person.birth_date.isoformat(),
            "sex": more.pop("sex", person.sex),
            "phone": person.phone,
            "origin_code": origin,
            "destination_code": to,
            "departure_at": iso(departure),
            "arrival_at": iso(arrival),
            "transport_mode": self.rng.choices(
                ("motorbike", "car", "bus", "truck"), (70, 15, 9, 6)
            )[0],
            "vehicle_plate": more.pop("vehicle_plate", None) or self.plate(),
            "declared_at": iso(declared),
            **more,
        }
        self.world.happenings.append(
            Happening(reaches or declared, "declaration", body, code_wanted)
        )
        self.world.stays.append(
            Stay(
                person.number,
                f"vehicle {body['vehicle_plate']}",
                departure,
                max(departure, arrival),
            )
        )
        return tag

    def cancel(self, tag: str, at: datetime) -> None:
        """Of a declaration whose code was wanted: the door knows it at once."""
        self.world.happenings.append(
            Happening(
                at, "cancellation", {"declaration_id": declaration_id(tag), "cancelled_at": iso(at)}
            )
        )

    def permit(self, plate: str, trailer: str, begins: datetime, ends: datetime) -> str:
        """Known before the first day; those that end at its midnight are extended by a decree."""
        permit_id = f"LX-{self.tag()}"
        body = {
            "permit_id": permit_id,
            "plate": plate,
            "trailer_plate": trailer,
            "valid_from": iso(begins),
            "valid_to": iso(ends),
        }
        self.world.permits.append(body)
        return permit_id

    def order(self, person: Citizen, begins: datetime, ends: datetime) -> None:
        body = {
            "order_id": order_id(self.tag()),
            "document_number": self.number(person),
            "kind": "home_isolation",
        }
        body |= {
            "unit_code": person.home_code,
            "begins_at": iso(begins),
            "ends_at": iso(ends),
            "issued_at": iso(begins),
        }
        self.world.happenings.append(Happening(begins, "order", body))

    def case(self, person: Citizen, sampled: datetime, reported: datetime) -> None:
        body = {"case_id": case_id(self.tag()), "document_number": self.number(person)}
        body |= {"sampled_at": iso(sampled), "reported_at": iso(reported)}
        self.world.happenings.append(Happening(reported, "case", body))

    def scan(
        self,
        person: Citizen,
        at: datetime,
        post: str,
        *,
        number: str | None = None,
        token_of: str | None = None,
        plate: str | None = None,
        **more: Any,
    ) -> str:
        """`token_of`: the traveller shows the code of that declaration; the card's number stands in where no code was asked for."""
        scanned = scan_id(self.tag())
        body = {
            "scan_id": scanned,
            "shown": number or self.shown(person),
            "checkpoint_id": post,
            "direction": "through"
            if gates_guarded(post)
            else self.rng.choice(("in", "out", "through")),
            "scanned_at": iso(at),
            **more,
        }
        if plate:
            body["vehicle_plate"] = plate
            self.world.stays.append(Stay(person.number, f"vehicle {plate}", at, at))
        if token_of:
            body["token_of"] = declaration_id(token_of)
        self.world.happenings.append(Happening(at + timedelta(seconds=1), "scan", body))
        self.world.person_of_scan[scanned] = person.number
        self.world.stays.append(Stay(person.number, f"post {post}", at, at))
        return scanned

    def test(self, person: Citizen, result: str, resulted: datetime) -> str:
        """Results of earlier days are at the door when the day begins."""
        tested = test_id(self.tag())
        body = {
            "event_id": tested,
            "document_number": self.number(person),
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat(),
            "sex": person.sex,
            "kind": self.rng.choice(("rapid_antigen", "rt_pcr")),
            "result": result,
            "sampled_at": iso(resulted - timedelta(minutes=self.rng.randrange(20, 600))),
            "resulted_at": iso(resulted),
            "laboratory": "CDC Quảng Ngãi",
        }
        self.world.happenings.append(Happening(max(resulted, instant(0, 0)), "test", body))
        return tested

    def remove(self, person: Citizen, on: date, reason: str) -> None:
        """From the register, before the day begins."""
        body = {
            "person_number": person.number,
            "removed_at": iso(datetime.combine(on, datetime.min.time(), VIETNAM)),
            "reason": reason,
        }
        self.world.happenings.append(Happening(instant(0, 0), "removal", body))

    def dose(
        self,
        person: Citizen,
        number: int,
        on: date,
        *,
        name: str | None = None,
        product: str | None = None,
        facility: str = "Trung tâm y tế",
        document: str | None = None,
    ) -> str:
        """Of the same vaccine as the person's others, unless said otherwise."""
        event_id = dose_id(self.tag())
        self.world.doses.append(
            {
                "event_id": event_id,
                "document_number": document or self.number(person),
                "full_name": name or person.full_name,
                "birth_date": person.birth_date.strftime("%d/%m/%Y")
                if number == 1
                else str(person.birth_date.year),
                "sex": {"male": "Nam", "female": "Nữ"}[person.sex],
                "dose_number": str(number),
                "product": product or PRODUCTS[int(person.number[-1]) % len(PRODUCTS)],
                "administered_on": on.strftime("%d/%m/%Y"),
                "facility": facility,
            }
        )
        return event_id

    def shown(self, person: Citizen) -> str:
        return (
            card_text(person, person.full_name) if self.rng.random() < 0.3 else self.number(person)
        )

    def number(self, person: Citizen) -> str:
        return person.cmnd if person.cmnd and self.rng.random() < 0.3 else person.number

    def passing(self, person: Citizen) -> Passing:
        """A post on the way that the person has declared."""
        return self.rng.choice(self.passed[person.number])

    def any_post(self) -> str:
        """For somebody who has declared no way."""
        return self.rng.choices(self.posts, [post.weight for post in self.posts])[0].checkpoint_id

    def daytime(self) -> datetime:
        return instant(0, 6 + 14 * self.rng.random())

    def plant(self, rule: str, subject: str) -> None:
        self.world.truth.plant(rule, subject)

    def near_miss(self, _subject: str) -> None:
        self.world.truth.near_misses += 1

    def plate(self) -> str:
        """Nobody else's."""
        self.plates += 1
        return f"76{SERIES[self.plates // 100_000]}{self.plates % 100_000:05d}"

    def tag(self) -> str:
        self.tags += 1
        return str(self.tags)


def card_text(person: Citizen, name: str) -> str:
    """The code on the back of the person's CCCD, with this name on it."""
    sex = {"male": "Nam", "female": "Nữ"}[person.sex]
    return f"{person.number}|{person.cmnd or ''}|{name}|{person.birth_date:%d%m%Y}|{sex}|Quảng Ngãi|15042021"
