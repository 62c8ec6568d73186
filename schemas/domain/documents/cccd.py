"""Reads what a CCCD number says about its holder (Circular 07/2016/TT-BCA).

Three digits are the province of birth registration, one is century and sex, two are the birth year.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from schemas.contract.terms import Sex

TABLE = Path(__file__).with_name("cccd_provinces.csv")
Contradiction = Literal["sex", "birth_year", "unknown_province"]


@dataclass(frozen=True, slots=True)
class CccdFacts:
    province_code: str
    province_name: str | None
    """None for a code outside the list of provinces: people born abroad have their country's."""
    sex: Sex
    birth_year: int


def cccd_facts(number: str) -> CccdFacts:
    """Returns the facts in a number of 12 digits."""
    century, woman = divmod(int(number[3]), 2)
    return CccdFacts(
        number[:3],
        provinces().get(number[:3]),
        "female" if woman else "male",
        1900 + 100 * century + int(number[4:6]),
    )


def contradictions(number: str, sex: Sex, birth_date: str) -> tuple[Contradiction, ...]:
    """Returns where a CCCD number and what was declared disagree.

    A contradiction is flagged, not refused: numbers were issued with mistakes.
    """
    facts = cccd_facts(number)
    contradicting: list[Contradiction] = []
    if sex not in ("unknown", facts.sex):
        contradicting.append("sex")
    if birth_date[:4] != str(facts.birth_year):
        contradicting.append("birth_year")
    if facts.province_name is None:
        contradicting.append("unknown_province")
    return tuple(contradicting)


@cache
def provinces() -> Mapping[str, str]:
    """Returns the names of the provinces by their codes in CCCD numbers."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row["code"]: row["name"] for row in csv.DictReader(table)}
