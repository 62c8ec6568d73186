"""Serials of paper declaration forms: `PF`, two digits of the year, seven of the sequence, two check digits (mod 97), so that a slip of
the clerk is caught."""

import re

from schemas.errors import UnreadableDocument

SHAPE = re.compile(r"PF(\d{9})(\d{2})")


def paper_serial(year: int, sequence: int) -> str:
    """`year` with four digits; `sequence` below ten million."""
    body = f"{year % 100:02d}{sequence:07d}"
    return f"PF{body}{_check(body)}"


def read_paper_serial(serial: str) -> str:
    """Canonical form of a serial. Raises `UnreadableDocument` if it is none or was mistyped."""
    shape = SHAPE.fullmatch(serial)
    if shape is None:
        raise UnreadableDocument("a paper form's serial is PF and 11 digits")
    if shape[2] != _check(shape[1]):
        raise UnreadableDocument("the serial's check digits do not fit: a digit was mistyped")
    return serial


def _check(body: str) -> str:
    """ISO 7064 mod 97-10: catches every single wrong digit and every swap of two neighbours."""
    return f"{98 - int(body + '00') % 97:02d}"
