"""The people of the province: names, numbers of the right structure, homes by population."""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from infra.tools.simulator.names import full_name
from schemas.contract.terms import Sex
from schemas.domain.places import is_valid_place, parents, units

PROVINCE, PROVINCE_OF_BIRTH = "51", "051"
OLD_CARD_FROM_AGE = 28
HOUSEHOLD_SIZE = 4
TODAY = date(2021, 9, 15)
AGES = ((0, 14, 22), (15, 24, 13), (25, 39, 24), (40, 59, 26), (60, 79, 13), (80, 95, 2))
"""Lowest age, highest age, share in per cent."""
DISTRICTS = Path(__file__).with_name("districts.csv")


@dataclass(frozen=True, slots=True)
class Citizen:
    number: str
    cmnd: str | None
    full_name: str
    birth_date: date
    sex: Sex
    phone: str
    home_code: str
    household_number: str

    @property
    def age(self) -> int:
        return (TODAY - self.birth_date).days // 365


def make_citizens(rng: random.Random, count: int) -> list[Citizen]:
    """Returns people of whom four live in a household, neighbours by their numbers."""
    settled, citizens = Counter[str](), list[Citizen]()
    for serial, home in enumerate(list(_homes(rng, count))):
        household_number = f"{home}-{settled[home] // HOUSEHOLD_SIZE:05d}"
        citizens.append(_citizen(rng, serial, home, household_number))
        settled[home] += 1
    return citizens


def _homes(rng: random.Random, count: int) -> Iterator[str]:
    """Yields commune codes, by the population of their districts."""
    populations = _populations()
    communes = {district: _communes_of(district) for district in populations}
    for district in rng.choices(list(populations), list(populations.values()), k=count):
        yield rng.choice(communes[district])


def _populations() -> dict[str, int]:
    with DISTRICTS.open(encoding="utf-8", newline="") as table:
        return {row["code"]: int(row["population"]) for row in csv.DictReader(table)}


def _communes_of(district: str) -> list[str]:
    """Returns the district's valid places; a district without communes is its own."""
    return [
        unit.code
        for unit in units().values()
        if is_valid_place(unit.code) and district in (unit.code, *parents(unit.code))
    ]


def _citizen(rng: random.Random, serial: int, home: str, household_number: str) -> Citizen:
    sex: Sex = rng.choice(("male", "female"))
    low, high, _ = rng.choices(AGES, [share for *_, share in AGES])[0]
    born = TODAY - timedelta(days=rng.randrange(low * 365, (high + 1) * 365))
    district = parents(home)[0] if len(home) == 5 else home
    has_old_card = (TODAY - born).days > OLD_CARD_FROM_AGE * 365
    return Citizen(
        number=_cccd_number(sex, born, serial),
        cmnd=f"212{serial:06d}" if has_old_card else None,
        full_name=full_name(rng, sex, district),
        birth_date=born,
        sex=sex,
        phone=f"09{serial:08d}",
        home_code=home,
        household_number=household_number,
    )


def _cccd_number(sex: Sex, born: date, serial: int) -> str:
    """Returns a number of the structure that is issued.

    The last six digits count up, so that no two are equal and all are plainly made up.
    """
    century_and_sex = 2 * ((born.year - 1900) // 100) + (sex == "female")
    return f"{PROVINCE_OF_BIRTH}{century_and_sex}{born.year % 100:02d}{serial:06d}"
