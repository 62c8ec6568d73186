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
    code: str
    level: Level
    kind: str
    name: str
    parent_code: str | None


@cache
def units() -> Mapping[str, Unit]:
    """Every unit by code. Codes are strings: 2 digits for a province, 3 for a district, 5 for a commune, leading zeros kept."""
    with TABLE.open(encoding="utf-8-sig", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["code"].strip() and row["name"].strip()]
    return {row["code"]: _unit(row) for row in rows}


def _unit(row: Mapping[str, str]) -> Unit:
    level: Level = row["level"]  # type: ignore[assignment] # the shipped table holds only these
    return Unit(
        row["code"], level, row["kind"], " ".join(row["name"].split()), row["parent_code"] or None
    )


def unit(code: str) -> Unit | None:
    return units().get(code)


def unit_name(code: str) -> str:
    """Empty for a code that is no unit."""
    found = unit(code)
    return found.name if found else ""


@cache
def parents(code: str) -> tuple[str, ...]:
    """The codes above a unit, nearest first; empty for a province and for a code that is no unit."""
    above = units().get(code)
    if above is None or above.parent_code is None:
        return ()
    return (above.parent_code, *parents(above.parent_code))


@cache
def is_valid_place(code: str) -> bool:
    """A commune, or a district that has none: Lý Sơn and the other island districts."""
    found = units().get(code)
    return found is not None and (
        found.level == "commune" or (found.level == "district" and code not in _with_communes())
    )


@cache
def _with_communes() -> frozenset[str]:
    return frozenset(
        one.parent_code for one in units().values() if one.level == "commune" and one.parent_code
    )
