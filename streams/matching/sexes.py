"""Compares sexes."""

from schemas.contract.terms import Likeness, Sex


def compare_sexes(declared: Sex, registered: Sex) -> Likeness:
    if "unknown" in (declared, registered):
        return "unknown"
    return "equal" if declared == registered else "different"
