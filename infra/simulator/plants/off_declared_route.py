"""A post that is just too far off the declared way; the farthest that is not must stay silent."""

from infra.simulator.builder import MINUTE, Builder
from schemas.reference import DEFAULT_POLICY
from schemas.roads import detour_km


def off_the_way(builder: Builder) -> None:
    for off in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        detours = [(km, to, post) for to in builder.homes for post in builder.ways.posts if (km := detour_km(person.home_code, to, post))]
        most = DEFAULT_POLICY.detour_most_km
        _, to, post = min(one for one in detours if one[0] > most) if off else max(one for one in detours if one[0] <= most)
        builder.declare(person, departure - 20 * MINUTE, departure, to=to)
        scanned = builder.scan(person, departure + 15 * MINUTE, post, number=builder.number(person))
        builder.plant("off_declared_route", scanned) if off else builder.near_miss(scanned)
