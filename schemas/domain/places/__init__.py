"""Places: the administrative units of 2021, which every event names by code."""

from schemas.domain.places.finding import find_place, suggest
from schemas.domain.places.units import Unit, is_valid_place, parents, unit, unit_name, units

__all__ = [
    "Unit",
    "find_place",
    "is_valid_place",
    "parents",
    "suggest",
    "unit",
    "unit_name",
    "units",
]
