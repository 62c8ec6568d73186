"""Levels of whole districts and provinces, computed from those of their parts (Decision 2686/QĐ-BCĐQG): very high where so many of the
parts are very high, or so many high or very high. The shares are the policy's. Whether an unknown source may spread, which the decision
also weighs, is for people to judge."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from schemas.contract.events import PolicyAdopted
from schemas.contract.terms import ZoneLevel
from schemas.domain.places import units
from schemas.domain.reference import ReferenceAsOf


def computed_levels(
    province_code: str, known: ReferenceAsOf, at: datetime
) -> Mapping[str, ZoneLevel]:
    """Of the province's districts, and of itself, those whose parts make them very high (`red`)."""
    policy, found = known.policy(at), dict[str, ZoneLevel]()
    for district in parts(province_code):
        if parts(district) and _very_high(
            [known.zone_level(code, at) for code in parts(district)], policy
        ):
            found[district] = "red"
    levels = [
        found.get(district) or known.zone_level(district, at) for district in parts(province_code)
    ]
    if levels and _very_high(levels, policy):
        found[province_code] = "red"
    return found


def _very_high(levels: list[ZoneLevel | None], policy: PolicyAdopted) -> bool:
    red, orange = levels.count("red"), levels.count("orange")
    return red >= policy.red_share_least * len(
        levels
    ) or red + orange >= policy.orange_share_least * len(levels)


@cache
def parts(code: str) -> tuple[str, ...]:
    """Districts of a province, communes of a district."""
    return _children().get(code, ())


@cache
def _children() -> Mapping[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {}
    for one in units().values():
        if one.parent_code:
            children.setdefault(one.parent_code, []).append(one.code)
    return {code: tuple(sorted(codes)) for code, codes in children.items()}
