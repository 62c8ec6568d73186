"""Places as tracers name them, and as the tables know them.

A plate leads to its owner, so a vehicle is kept under its pseudonym. A place may have parts, and
these parts in turn: `site:market/hall-2/stall-3`.
"""

import re

from schemas.domain.plates import normalise_plate
from schemas.domain.pseudonyms import Pseudonyms

VEHICLE = "vehicle:"
PART = "/"
PSEUDONYM = re.compile("[0-9a-f]{32}")


def wider(place: str) -> list[str]:
    """Returns the places that it is a part of, the nearest first."""
    names = place.split(PART)
    return [PART.join(names[:depth]) for depth in range(len(names) - 1, 0, -1)]


def known_place(place: str, pseudonyms: Pseudonyms) -> str:
    """Returns the place as tables know it. Raises `UnreadablePlate`.

    `vehicle:76C-123.45` and `vehicle:` with the pseudonym are the same.
    """
    name = place.removeprefix(VEHICLE)
    if name == place or PSEUDONYM.fullmatch(name):
        return place
    return VEHICLE + pseudonyms.vehicle(normalise_plate(name))
