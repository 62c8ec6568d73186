"""The area of an account: a committee sees its commune, or all below its district or province."""

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus

from api.accounts.accounts import Account
from api.http.problems import FieldFault, Problem
from schemas.domain.places import parents, units


def covers(account: Account, unit_code: str) -> bool:
    """Returns whether a unit lies in the account's area.

    An account without an area covers everything, people of unknown residence included. An account
    with an area does not cover those people.
    """
    return account.area in ("", unit_code) or account.area in parents(unit_code)


def require_area(account: Account, unit_code: str) -> None:
    """Raises `Problem` for a unit outside the account's area."""
    if not covers(account, unit_code):
        raise other_area(account)


def other_area(account: Account, errors: Sequence[FieldFault] = ()) -> Problem:
    detail = (
        f"this account is of the unit {account.area}: "
        "it may see and follow up only people on the lists of there"
    )
    detail_vi = (
        f"tài khoản này thuộc đơn vị {account.area}: "
        "chỉ được xem và theo dõi những người trong danh sách của đơn vị mình"
    )
    return Problem(HTTPStatus.FORBIDDEN, "other-area", detail, errors, {"detail_vi": detail_vi})


@cache
def units_below(area: str) -> tuple[str, ...]:
    """Returns the codes of the area and of every unit below it; none where there is no limit."""
    if not area:
        return ()
    return tuple(code for code in units() if area == code or area in parents(code))
