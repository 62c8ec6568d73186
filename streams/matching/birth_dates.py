"""Compares birth dates: full dates, months and bare years, as registers and forms have them.

They are written as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
"""

from datetime import date

from schemas.contract.terms import Likeness


def compare_birth_dates(declared: str, registered: str) -> Likeness:
    """Returns "near" where one side knows only the year or month and the rest agrees.

    Day and month swapped, the usual slip of a form, are near too.
    """
    if declared == registered:
        return "equal"
    left, right = declared.split("-"), registered.split("-")
    known = min(len(left), len(right))
    if known < 3:
        return "near" if left[:known] == right[:known] else "different"
    return "near" if left == [right[0], right[2], right[1]] else "different"


def born_after(birth_date: str, day: date) -> bool:
    """Returns whether a person was certainly born later.

    All of a bare year or month has to lie later.
    """
    return birth_date > day.isoformat()[: len(birth_date)]
