"""Builds a world from a seed: who travels, what is planted on whom, and what follows from it.

Every person plays one part only, so that the truth follows from the parts: an ordinary traveller raises nothing, a planted one exactly
what was planted.
"""

import csv
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from infra.simulator.citizens import Citizen, make_citizens
from infra.simulator.day import (
    FIRST_DAY,
    RED_COMMUNE,
    RED_FROM,
    RED_POST,
    Happening,
    Truth,
    declaration_id,
    dose_id,
    entry_id_of_declaration,
    instant,
    iso,
    scan_id,
)
from infra.simulator.names import WAYS_OF_WRITING, another_name
from schemas.documents import Document, DocumentKind, paper_serial
from schemas.ids import Pseudonyms

TRAVELLERS_SHARE, VACCINATED_SHARE, PAPER_SHARE = 0.35, 0.6, 0.02
HOURS = (1, 1, 1, 1, 2, 5, 8, 9, 8, 7, 6, 6, 5, 5, 6, 7, 8, 24, 10, 5, 3, 2, 1, 1)
"""Weight of each hour; from 17 to 18 h everybody is on the road."""
PRODUCTS = ("AstraZeneca", "Moderna", "Pfizer", "Vero Cell")
MINUTE = timedelta(minutes=1)
BUS_SEATS = 20
SERIES = "ABCDEFGHKLMNPSTUVXYZ"
"""Letters of the plates, 100,000 numbers each."""


@dataclass(frozen=True, slots=True)
class Post:
    checkpoint_id: str
    name: str
    unit_code: str
    road: str
    confirmed: bool
    weight: int


def read_posts() -> list[Post]:
    """The province's posts of 2021 as far as they are known; `confirmed` says which were found in reports of the time."""
    with Path(__file__).with_name("posts.csv").open(encoding="utf-8", newline="") as table:
        return [
            Post(row["checkpoint_id"], row["name"], row["unit_code"], row["road"], row["confirmed"] == "yes", int(row["weight"]))
            for row in csv.DictReader(table)
        ]


class Stay(NamedTuple):
    """`person`: the personal number. A post is passed in a moment."""

    person: str
    place: str
    began: datetime
    ended: datetime


@dataclass(slots=True)
class World:
    citizens: list[Citizen]
    """Those of the register."""
    posts: list[Post]
    happenings: list[Happening] = field(default_factory=list)
    doses: list[dict[str, Any]] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)
    person_of_scan: dict[str, str] = field(default_factory=dict)
    """Scan id to the personal number of who was really there."""
    stays: list[Stay] = field(default_factory=list)
    """Who was really where: at posts, and in vehicles."""


def make_world(seed: int, citizens: int, days: int, pseudonyms: Pseudonyms) -> World:
    return _Builder(seed, citizens, days, pseudonyms).build()


class _Builder:
    def __init__(self, seed: int, citizens: int, days: int, pseudonyms: Pseudonyms) -> None:
        self.rng, self.days, self.pseudonyms = random.Random(seed), days, pseudonyms
        people = make_citizens(self.rng, citizens)
        self.strangers = [people.pop() for _ in range(max(3, citizens // 1000))]
        self.world = World(citizens=people, posts=read_posts())
        self.posts = [post for post in self.world.posts if post.checkpoint_id != RED_POST]
        grown = [person for person in people if person.age >= 16 and person.home_code != RED_COMMUNE]
        self.rng.shuffle(grown)
        self.cast = iter(grown)
        self.each = max(3, citizens // 2500)
        self.homes = sorted({person.home_code for person in grown})
        self.tags = self.plates = 0

    def build(self) -> World:
        self._plant_all()
        ordinary = list(self.cast)
        travellers = ordinary[: int(len(ordinary) * TRAVELLERS_SHARE)]
        for day in range(self.days):
            for person in travellers:
                self._ordinary_trip(person, day)
        for person in ordinary[-int(len(ordinary) * VACCINATED_SHARE) :]:
            self._ordinary_doses(person)
        self._decide_red_zone()
        self.world.happenings.sort(key=lambda one: one.at)
        return self.world

    def _decide_red_zone(self) -> None:
        body = {"unit_code": RED_COMMUNE, "level": "red", "valid_from": iso(RED_FROM), "decision": "QĐ mô phỏng"}
        self.world.happenings.append(Happening(RED_FROM, "zone", body))

    # Ordinary life

    def _ordinary_trip(self, person: Citizen, day: int) -> None:
        hour = self.rng.choices(range(24), HOURS)[0] + self.rng.random()
        departure = instant(day, max(hour, 1.0))
        declared = departure - timedelta(minutes=self.rng.randrange(2, 55))
        on_paper = self.rng.random() < PAPER_SHARE
        shown: dict[str, Any] = {}
        if on_paper:
            shown = self._paper_form(person, declared, departure)
        else:
            shown["token_of"] = self._declare(person, declared, departure, name=self.rng.choice(WAYS_OF_WRITING)(person.full_name))
        for leg in range(self.rng.choice((1, 1, 2))):
            at = departure + timedelta(minutes=5 + 40 * leg + self.rng.randrange(30))
            self._scan(person, at, self._post(), **(shown or {"number": self._number(person)}))

    def _paper_form(self, person: Citizen, declared: datetime, departure: datetime) -> dict[str, Any]:
        """Filled in at the post, keyed hours later; the post scans the form's serial."""
        serial = paper_serial(2021, self.tags)
        keyed = declared + timedelta(hours=self.rng.randrange(2, 9))
        self._declare(person, declared, departure, reaches=keyed, channel="paper", paper_serial=serial)
        return {"number": serial}

    def _ordinary_doses(self, person: Citizen) -> None:
        first = FIRST_DAY - timedelta(days=self.rng.randrange(40, 150))
        self._dose(person, 1, first, name=self.rng.choice(WAYS_OF_WRITING)(person.full_name))
        if self.rng.random() < 0.4:
            self._dose(person, 2, first + timedelta(days=self.rng.randrange(21, 39)))

    # Planted faults, each beside the near miss that must stay silent

    def _plant_all(self) -> None:
        for _ in range(self.each):
            self._wrong_name()
            self._wrong_birth_date()
            self._forged_card()
            self._never_declared()
            self._declared_too_long_ago()
            self._into_red_zone()
            self._out_of_red_zone()
            self._scanned_in_red_zone()
            self._dose_of_another_name()
            self._doses_out_of_order()
            self._ill()
            self._bus()
        for stranger in self.strangers:
            self._unknown_document(stranger)

    def _wrong_name(self) -> None:
        person, departure = next(self.cast), self._daytime()
        tag = self._declare(person, departure - 20 * MINUTE, departure, name=another_name(self.rng, person.full_name, person.sex))
        self._plant("identity_mismatch", entry_id_of_declaration(tag))
        self._scan(person, departure + 10 * MINUTE, self._post(), number=self._number(person))

    def _wrong_birth_date(self) -> None:
        person, departure = next(self.cast), self._daytime()
        wrong = f"{person.birth_date.year - 3}-{person.birth_date:%m-%d}" if person.birth_date.day < 29 else str(person.birth_date.year - 3)
        self._plant("identity_mismatch", entry_id_of_declaration(self._declare(person, departure - 20 * MINUTE, departure, born=wrong)))
        other = next(self.cast)
        self._near_miss(self._declare(other, departure - 20 * MINUTE, departure, born=str(other.birth_date.year)))

    def _forged_card(self) -> None:
        person, departure = next(self.cast), self._daytime()
        self._declare(person, departure - 30 * MINUTE, departure)
        name = another_name(self.rng, person.full_name, person.sex)
        self._plant("identity_mismatch", self._scan(person, departure, self._post(), number=card_text(person, name)))

    def _unknown_document(self, stranger: Citizen) -> None:
        departure = self._daytime()
        self._declare(stranger, departure - 20 * MINUTE, departure, document=stranger.number)
        self._scan(stranger, departure, self._post(), number=stranger.number)
        self._plant("unknown_document", self.pseudonyms.document(Document(DocumentKind.CCCD, stranger.number)))

    def _never_declared(self) -> None:
        person = next(self.cast)
        self._plant("no_valid_declaration", self._scan(person, self._daytime(), self._post(), number=self._number(person)))

    def _declared_too_long_ago(self) -> None:
        for too_late, person in ((True, next(self.cast)), (False, next(self.cast))):
            at = self._daytime()
            declared = at - timedelta(hours=72) + (-MINUTE if too_late else MINUTE)
            self._declare(person, declared, declared + 30 * MINUTE, reaches=instant(0, 0))
            scanned = self._scan(person, at, self._post(), number=self._number(person))
            self._plant("no_valid_declaration", scanned) if too_late else self._near_miss(scanned)

    def _into_red_zone(self) -> None:
        person, departure = next(self.cast), RED_FROM + timedelta(minutes=self.rng.randrange(60, 400))
        tag = self._declare(person, departure - 25 * MINUTE, departure, to=RED_COMMUNE)
        self._plant("red_zone_crossing", entry_id_of_declaration(tag))
        early = RED_FROM - MINUTE
        self._near_miss(self._declare(next(self.cast), early - 30 * MINUTE, early - 5 * MINUTE, to=RED_COMMUNE, arrives=early))

    def _out_of_red_zone(self) -> None:
        departure = RED_FROM + timedelta(minutes=self.rng.randrange(60, 400))
        tag = self._declare(next(self.cast), departure - 25 * MINUTE, departure, origin=RED_COMMUNE)
        self._plant("red_zone_crossing", entry_id_of_declaration(tag))
        self._near_miss(self._declare(next(self.cast), RED_FROM - 30 * MINUTE, RED_FROM - MINUTE, origin=RED_COMMUNE))

    def _scanned_in_red_zone(self) -> None:
        red, before = next(self.cast), next(self.cast)
        at = RED_FROM + timedelta(minutes=self.rng.randrange(0, 500))
        for person, scanned_at, planted in ((red, max(at, RED_FROM + MINUTE), True), (before, RED_FROM - MINUTE, False)):
            self._declare(person, scanned_at - 50 * MINUTE, scanned_at - 20 * MINUTE)
            scanned = self._scan(person, scanned_at, RED_POST, number=self._number(person))
            self._plant("red_zone_crossing", scanned) if planted else self._near_miss(scanned)

    def _dose_of_another_name(self) -> None:
        person, day = next(self.cast), FIRST_DAY - timedelta(days=self.rng.randrange(40, 150))
        self._plant("vaccination_mismatch", self._dose(person, 1, day, name=another_name(self.rng, person.full_name, person.sex)))

    def _doses_out_of_order(self) -> None:
        person, day = next(self.cast), FIRST_DAY - timedelta(days=self.rng.randrange(40, 90))
        self._dose(person, 1, day)
        self._plant("vaccination_mismatch", self._dose(person, 2, day - timedelta(days=30)))
        other = next(self.cast)
        self._dose(other, 1, day)
        self._near_miss(self._dose(other, 2, day + timedelta(days=1)))

    def _ill(self) -> None:
        departure = self._daytime()
        for said, planted in (
            ({"symptoms": ["fever", "cough"]}, True),
            ({"exposed": True}, True),
            ({"symptoms": [], "exposed": False}, False),
        ):
            tag = self._declare(next(self.cast), departure - 20 * MINUTE, departure, **said)
            self._plant("health_declared", entry_id_of_declaration(tag)) if planted else self._near_miss(tag)

    # People who travel together

    def _bus(self) -> None:
        """Its passengers have declared; they get off one by one, and pass a post together."""
        departure, plate, post = self._daytime(), self._plate(), self._post()
        for seat in range(self.rng.randrange(3, BUS_SEATS)):
            person, declared = next(self.cast), departure - self.rng.randrange(5, 60) * MINUTE
            arrives = departure + timedelta(minutes=self.rng.randrange(60, 240))
            self._declare(person, declared, departure, arrives=arrives, transport_mode="bus", vehicle_plate=plate)
            self._scan(person, departure + 20 * MINUTE + timedelta(seconds=10 * seat), post, number=self._number(person), plate=plate)

    # What is posted

    def _declare(
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
        **more: Any,
    ) -> str:
        tag, arrival = self._tag(), arrives or departure + timedelta(minutes=self.rng.randrange(30, 180))
        body = {
            "declaration_id": declaration_id(tag),
            "document_number": document or self._number(person),
            "full_name": name or person.full_name,
            "birth_date": born or person.birth_date.isoformat(),
            "sex": person.sex,
            "phone": person.phone,
            "origin_code": origin or person.home_code,
            "destination_code": to or self.rng.choice(self.homes),
            "departure_at": iso(departure),
            "arrival_at": iso(arrival),
            "transport_mode": self.rng.choices(("motorbike", "car", "bus", "truck"), (70, 15, 9, 6))[0],
            "vehicle_plate": more.pop("vehicle_plate", None) or self._plate(),
            "declared_at": iso(declared),
            **more,
        }
        self.world.happenings.append(Happening(reaches or declared, "declaration", body))
        self.world.stays.append(Stay(person.number, f"vehicle {body['vehicle_plate']}", departure, max(departure, arrival)))
        return tag

    def _scan(
        self, person: Citizen, at: datetime, post: str, *, number: str | None = None, token_of: str | None = None, plate: str | None = None
    ) -> str:
        """`token_of`: the traveller shows the code of that declaration; the card's number stands in where no code was asked for."""
        scanned = scan_id(self._tag())
        body = {
            "scan_id": scanned,
            "shown": number or self._shown(person),
            "checkpoint_id": post,
            "direction": self.rng.choice(("in", "out", "through")),
            "scanned_at": iso(at),
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

    def _dose(self, person: Citizen, number: int, on: Any, *, name: str | None = None) -> str:
        event_id = dose_id(self._tag())
        self.world.doses.append(
            {
                "event_id": event_id,
                "document_number": self._number(person),
                "full_name": name or person.full_name,
                "birth_date": person.birth_date.strftime("%d/%m/%Y") if number == 1 else str(person.birth_date.year),
                "sex": {"male": "Nam", "female": "Nữ"}[person.sex],
                "dose_number": str(number),
                "product": self.rng.choice(PRODUCTS),
                "administered_on": on.strftime("%d/%m/%Y"),
                "facility": "Trung tâm y tế",
            }
        )
        return event_id

    def _shown(self, person: Citizen) -> str:
        return card_text(person, person.full_name) if self.rng.random() < 0.3 else self._number(person)

    def _number(self, person: Citizen) -> str:
        return person.cmnd if person.cmnd and self.rng.random() < 0.3 else person.number

    def _post(self) -> str:
        return self.rng.choices(self.posts, [post.weight for post in self.posts])[0].checkpoint_id

    def _daytime(self) -> datetime:
        return instant(0, 6 + 14 * self.rng.random())

    def _plant(self, rule: str, subject: str) -> None:
        self.world.truth.plant(rule, subject)

    def _near_miss(self, _subject: str) -> None:
        self.world.truth.near_misses += 1

    def _plate(self) -> str:
        """Nobody else's."""
        self.plates += 1
        return f"76{SERIES[self.plates // 100_000]}{self.plates % 100_000:05d}"

    def _tag(self) -> str:
        self.tags += 1
        return str(self.tags)


def card_text(person: Citizen, name: str) -> str:
    """The code on the back of the person's CCCD, with this name on it."""
    sex = {"male": "Nam", "female": "Nữ"}[person.sex]
    return f"{person.number}|{person.cmnd or ''}|{name}|{person.birth_date:%d%m%Y}|{sex}|Quảng Ngãi|15042021"
