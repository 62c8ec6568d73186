"""Whose lists an account may see: a committee's own commune, or what lies below its district or province."""

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus

from api.accounts.accounts import Account
from api.http.problems import FieldFault, Problem
from schemas.domain.places import parents, units


def covers(account: Account, unit_code: str) -> bool:
    """An account without an area covers everything, people whose residence nobody knows included; one with an area does not cover those."""
    return account.area in ("", unit_code) or account.area in parents(unit_code)


def require_area(account: Account, unit_code: str) -> None:
    """Raises `Problem` for a unit outside the account's area."""
    if not covers(account, unit_code):
        raise other_area(account)


def other_area(account: Account, errors: Sequence[FieldFault] = ()) -> Problem:
    detail = f"this account is of the unit {account.area}: it may see and follow up only people on the lists of there"
    detail_vi = f"tài khoản này thuộc đơn vị {account.area}: chỉ được xem và theo dõi những người trong danh sách của đơn vị mình"
    return Problem(HTTPStatus.FORBIDDEN, "other-area", detail, errors, {"detail_vi": detail_vi})


@cache
def units_below(area: str) -> tuple[str, ...]:
    """The area and every unit below it, for questions that filter by them; none where there is no limit."""
    return (
        tuple(one.code for one in units().values() if area in (one.code, *parents(one.code)))
        if area
        else ()
    )
