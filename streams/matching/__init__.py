"""Compares declared fields with the register's: equal, near, different or unknown. Pure."""

from schemas.contract.terms import Likeness, Sex
from streams.matching.birth_dates import compare_birth_dates
from streams.matching.names import compare_names
from streams.matching.registered import Registered
from streams.matching.sexes import compare_sexes


def compare(
    full_name: str | None, birth_date: str | None, sex: Sex | None, registered: Registered | None
) -> tuple[Likeness, Likeness, Likeness]:
    """Returns the likeness of name, birth date and sex, "unknown" where a side has none."""
    if registered is None:
        return "unknown", "unknown", "unknown"
    name: Likeness = "unknown"
    if full_name and registered.full_name:
        name = compare_names(full_name, registered.full_name)
    birth: Likeness = "unknown"
    if birth_date and registered.birth_date:
        birth = compare_birth_dates(birth_date, registered.birth_date)
    return name, birth, compare_sexes(sex, registered.sex) if sex else "unknown"
