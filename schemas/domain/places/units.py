"""Provinces, districts and communes as they were in 2021, by code."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

TABLE = Path(__file__).with_name("admin_units_2021.csv")
Level = Literal["province", "district", "commune"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district or commune."""

    code: str
    level: Level
    kind: str
    name: str
    parent_code: str | None


@cache
def units() -> Mapping[str, Unit]:
    """Returns every unit by its code.

    Codes are texts with leading zeros: 2 digits for a province, 3 for a district, 5 for a commune.
    """
    with TABLE.open(encoding="utf-8-sig", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["code"].strip() and row["name"].strip()]
    return {row["code"]: _unit(row) for row in rows}


def _unit(row: Mapping[str, str]) -> Unit:
    level: Level = row["level"]  # type: ignore[assignment] # the shipped table holds only these
    return Unit(
        row["code"], level, row["kind"], " ".join(row["name"].split()), row["parent_code"] or None
    )


def unit(code: str) -> Unit | None:
    """Returns the unit, or None for a code that is no unit."""
    return units().get(code)


def unit_name(code: str) -> str:
    """Returns the unit's name; it is empty for a code that is no unit."""
    named = unit(code)
    return named.name if named else ""


@cache
def parents(code: str) -> tuple[str, ...]:
    """Returns the codes above a unit, the nearest first.

    A province and an unknown code have none.
    """
    above = units().get(code)
    if above is None or above.parent_code is None:
        return ()
    return (above.parent_code, *parents(above.parent_code))


@cache
def is_valid_place(code: str) -> bool:
    """Returns whether the code is of a commune, or of a district that has none.

    Lý Sơn and the other island districts have none.
    """
    place = units().get(code)
    if place is None:
        return False
    if place.level == "district":
        return code not in _with_communes()
    return place.level == "commune"


@cache
def _with_communes() -> frozenset[str]:
    communes = (unit for unit in units().values() if unit.level == "commune")
    return frozenset(commune.parent_code for commune in communes if commune.parent_code)
