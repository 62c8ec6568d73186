"""Serials of paper declaration forms: `PF`, two digits of the year, seven of the sequence.

Two check digits (mod 97) follow, so that a slip of the clerk is caught.
"""

import re

from schemas.contract.errors import UnreadableDocument

SHAPE = re.compile(r"PF([0-9]{9})([0-9]{2})")
SERIALS_A_YEAR = 10_000_000


def paper_serial(year: int, sequence: int) -> str:
    """Returns the serial of a form. `year` has four digits; `sequence` is below ten million."""
    if not 0 <= sequence < SERIALS_A_YEAR:
        raise ValueError(f"a year has {SERIALS_A_YEAR:,} serials, from 0: there is no {sequence:,}")
    body = f"{year % 100:02d}{sequence:07d}"
    return f"PF{body}{_check(body)}"


def read_paper_serial(serial: str) -> str:
    """Returns the serial. Raises `UnreadableDocument` if it is none or was mistyped."""
    shape = SHAPE.fullmatch(serial)
    if shape is None:
        raise UnreadableDocument("a paper form's serial is PF and 11 digits")
    if shape[2] != _check(shape[1]):
        raise UnreadableDocument("the serial's check digits do not fit: a digit was mistyped")
    return serial


def _check(body: str) -> str:
    """Returns the digits of ISO 7064 mod 97-10.

    The digits catch every single wrong digit and every swap of two neighbours.
    """
    return f"{98 - int(body + '00') % 97:02d}"
