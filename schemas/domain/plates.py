"""Spells number plates in one way: 76C-123.45, 76c 12345 and 76C 123 45 are one plate."""

import re
import unicodedata

from schemas.contract.errors import UnreadablePlate

SEPARATORS = re.compile(r"[\s.\-_/–—]+")
SHAPE = re.compile(r"(?=.*\d)[A-Z0-9]{4,12}")


def normalise_plate(text: str) -> str:
    """Returns the plate in upper case letters and digits. Raises `UnreadablePlate`.

    Plates of the army, of diplomats and of other countries pass too.
    """
    plate = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().replace("Đ", "D")
    if not SHAPE.fullmatch(plate):
        raise UnreadablePlate("a number plate has 4 to 12 letters and digits, such as 76C-123.45")
    return plate
