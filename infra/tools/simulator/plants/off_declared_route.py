"""A checkpoint that is just too far off the declared way, or the wrong way through the right one.

The farthest checkpoint that is not too far, and the declared way, must stay silent.
"""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.citizens import Citizen
from infra.tools.simulator.ways import ELSEWHERE
from schemas.domain.reference import DEFAULT_POLICY
from schemas.domain.roads import detour_km, gates_guarded

CITY = "21025"
"""Surely inside: a commune without a place on the roads may lie at the border or not."""
MAX_DETOUR_KM = DEFAULT_POLICY.detour_most_km


def off_the_way(builder: Builder) -> None:
    for off in (True, False):
        person, departure = builder.next_person(), builder.daytime()
        detours = _detours(builder, person)
        if off:
            _, to, checkpoint = min(detour for detour in detours if detour[0] > MAX_DETOUR_KM)
        else:
            _, to, checkpoint = max(detour for detour in detours if detour[0] <= MAX_DETOUR_KM)
        builder.declare(person, departure - 20 * MINUTE, departure, to=to)
        scanned = builder.scan(
            person, departure + 15 * MINUTE, checkpoint, number=builder.number(person)
        )
        builder.expect("off_declared_route", scanned, flagged=off)


def other_direction(builder: Builder) -> None:
    """Plants a way back, which the policy of the day wants declared by itself."""
    for direction in ("in", "out"):
        person, departure = builder.next_person(), builder.daytime()
        declared, to = departure - 20 * MINUTE, ELSEWHERE["Đà Nẵng"]
        builder.declare(person, declared, departure, origin=CITY, to=to)
        passed = builder.passed[person.number]
        border = next(passing for passing in passed if gates_guarded(passing.checkpoint))
        at, number = departure + border.after, builder.number(person)
        scanned = builder.scan(person, at, border.checkpoint, number=number, direction=direction)
        builder.expect("off_declared_route", scanned, flagged=direction == "in")


def _detours(builder: Builder, person: Citizen) -> list[tuple[float, str, str]]:
    """Returns (kilometres, destination, checkpoint) of every detour that the person could make."""
    detours = []
    for to in builder.homes:
        for checkpoint in builder.ways.checkpoints:
            km = detour_km(person.home_code, to, checkpoint)
            if km:
                detours.append((km, to, checkpoint))
    return detours
