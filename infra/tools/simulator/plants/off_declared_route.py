"""A post that is just too far off the declared way, or the wrong way through the right one; the farthest that is not, and the declared
way, must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.ways import ELSEWHERE
from schemas.domain.reference import DEFAULT_POLICY
from schemas.domain.roads import detour_km, gates_guarded

CITY = "21025"
"""Surely inside: where a commune without a place on the roads lies, at the border or not, nobody knows."""


def off_the_way(builder: Builder) -> None:
    for off in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        detours = [
            (km, to, post)
            for to in builder.homes
            for post in builder.ways.posts
            if (km := detour_km(person.home_code, to, post))
        ]
        most = DEFAULT_POLICY.detour_most_km
        _, to, post = (
            min(one for one in detours if one[0] > most)
            if off
            else max(one for one in detours if one[0] <= most)
        )
        builder.declare(person, departure - 20 * MINUTE, departure, to=to)
        scanned = builder.scan(person, departure + 15 * MINUTE, post, number=builder.number(person))
        builder.plant("off_declared_route", scanned) if off else builder.near_miss(scanned)


def other_direction(builder: Builder) -> None:
    """The policy of the day wants the way back declared by itself."""
    for comes_back in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        builder.declare(
            person, departure - 20 * MINUTE, departure, origin=CITY, to=ELSEWHERE["Đà Nẵng"]
        )
        passing = next(one for one in builder.passed[person.number] if gates_guarded(one.post))
        direction = "in" if comes_back else "out"
        scanned = builder.scan(
            person,
            departure + passing.after,
            passing.post,
            number=builder.number(person),
            direction=direction,
        )
        builder.plant("off_declared_route", scanned) if comes_back else builder.near_miss(scanned)
