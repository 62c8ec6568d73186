"""Computes levels of whole districts and provinces from those of their parts.

By Decision 2686/QĐ-BCĐQG a unit is very high from a share of parts that are very high, or from a
share that are high or very high. The policy says both shares. Whether an unknown source may
spread, which the decision also weighs, is for people to judge.
"""

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
    """Returns the districts, and the province, that their parts make very high (`red`)."""
    policy = known.policy(at)
    computed: dict[str, ZoneLevel] = {}
    for district in parts(province_code):
        communes = [known.zone_level(commune, at) for commune in parts(district)]
        if _very_high(communes, policy):
            computed[district] = "red"
    districts = [
        computed.get(district) or known.zone_level(district, at)
        for district in parts(province_code)
    ]
    if _very_high(districts, policy):
        computed[province_code] = "red"
    return computed


def _very_high(levels: list[ZoneLevel | None], policy: PolicyAdopted) -> bool:
    """Returns whether the shares of the policy are reached; without parts they are not."""
    if not levels:
        return False
    red = levels.count("red")
    red_or_orange = red + levels.count("orange")
    return red >= policy.red_share_least * len(
        levels
    ) or red_or_orange >= policy.orange_share_least * len(levels)


@cache
def parts(code: str) -> tuple[str, ...]:
    """Returns the districts of a province, or the communes of a district."""
    return _children().get(code, ())


@cache
def _children() -> Mapping[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {}
    for unit in units().values():
        if unit.parent_code:
            children.setdefault(unit.parent_code, []).append(unit.code)
    return {code: tuple(sorted(codes)) for code, codes in children.items()}
