"""Places of residence compared: the commune that was declared against the register's."""

from schemas.contract.terms import Likeness
from schemas.domain.places import parents


def compare_residences(declared: str | None, registered: str | None) -> Likeness:
    """near: another commune of the same district, for boundaries move. Unknown where either side says nothing."""
    if not declared or not registered:
        return "unknown"
    if declared == registered:
        return "equal"
    return "near" if district_of(declared) == district_of(registered) else "different"


def district_of(unit_code: str) -> str:
    """A province stands for itself."""
    above = parents(unit_code)
    return above[0] if len(above) > 1 else unit_code
