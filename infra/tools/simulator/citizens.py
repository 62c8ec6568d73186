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
"""From age, to age, share in per cent."""


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
    """Four to a household, neighbours by their numbers."""
    settled, citizens = Counter[str](), list[Citizen]()
    for place, home in enumerate(list(_homes(rng, count))):
        citizens.append(_citizen(rng, place, home, f"{home}-{settled[home] // HOUSEHOLD_SIZE:05d}"))
        settled[home] += 1
    return citizens


def _homes(rng: random.Random, count: int) -> Iterator[str]:
    """Commune codes, by the population of their districts."""
    districts = read_districts()
    communes: dict[str, list[str]] = {
        code: [
            one.code
            for one in units().values()
            if is_valid_place(one.code) and code in (one.code, *parents(one.code))
        ]
        for code in districts
    }
    for district in rng.choices(list(districts), list(districts.values()), k=count):
        yield rng.choice(communes[district])


def read_districts() -> dict[str, int]:
    with Path(__file__).with_name("districts.csv").open(encoding="utf-8", newline="") as table:
        return {row["code"]: int(row["population"]) for row in csv.DictReader(table)}


def _citizen(rng: random.Random, place: int, home: str, household_number: str) -> Citizen:
    sex: Sex = rng.choice(("male", "female"))
    low, high, _ = rng.choices(AGES, [share for *_, share in AGES])[0]
    born = TODAY - timedelta(days=rng.randrange(low * 365, (high + 1) * 365))
    district = parents(home)[0] if len(home) == 5 else home
    return Citizen(
        number=cccd_number(sex, born, place),
        cmnd=f"212{place:06d}" if (TODAY - born).days > OLD_CARD_FROM_AGE * 365 else None,
        full_name=full_name(rng, sex, district),
        birth_date=born,
        sex=sex,
        phone=f"09{place:08d}",
        home_code=home,
        household_number=household_number,
    )


def cccd_number(sex: Sex, born: date, place: int) -> str:
    """Structured as issued; the last six digits count up, so that no two are equal and all are plainly made up."""
    century_and_sex = 2 * ((born.year - 1900) // 100) + (sex == "female")
    return f"{PROVINCE_OF_BIRTH}{century_and_sex}{born.year % 100:02d}{place:06d}"
