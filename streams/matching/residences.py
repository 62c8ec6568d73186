"""Compares places of residence: the commune that was declared with the register's."""

from schemas.contract.terms import Likeness
from schemas.domain.places import parents


def compare_residences(declared: str | None, registered: str | None) -> Likeness:
    """Returns "near" for another commune of the same district, as boundaries move.

    It is "unknown" where a side has no residence.
    """
    if not declared or not registered:
        return "unknown"
    if declared == registered:
        return "equal"
    return "near" if district_of(declared) == district_of(registered) else "different"


def district_of(unit_code: str) -> str:
    """Returns the district of a unit; a province stands for itself."""
    above = parents(unit_code)
    return above[0] if len(above) > 1 else unit_code
