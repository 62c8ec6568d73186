"""What the register says of a person, as far as declared fields are compared with it.

States hold it as an array: new fields come last, with a default.
"""

import msgspec

from schemas.contract.terms import Sex


class Registered(msgspec.Struct, frozen=True, array_like=True):
    full_name: str
    birth_date: str
    sex: Sex
    residence_code: str | None
    permanent_code: str | None = None
    temporary_code: str | None = None
