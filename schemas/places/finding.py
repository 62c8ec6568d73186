"""Places found by name: with or without their kind, with or without diacritics, alone or with what they lie in."""

import difflib
import unicodedata
from collections.abc import Mapping
from functools import cache

from schemas.errors import UnknownPlace
from schemas.places.units import Unit, is_valid_place, parents, units

KINDS = ("thị trấn", "thành phố", "thị xã", "phường", "huyện", "quận", "tỉnh", "xã")
SHORT_KINDS = {"tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "p": "phuong", "q": "quan", "h": "huyen", "x": "xa", "t": "tinh"}
SUGGESTIONS, SUGGESTIONS_MOST = 3, 6
Reading = tuple[str | None, str]
"""Kind of unit, if one was said, and the name."""


def find_place(text: str, within: str | None = None) -> Unit:
    """The one place meant by a code, a name or a path such as `Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi`. `within`: code of a district
    or province to look in. Raises `UnknownPlace` with suggestions when there is none or more than one."""
    said = text.strip()
    if is_valid_place(said):
        return units()[said]
    parts = [_readings(part) for part in said.split(",") if part.strip()]
    found = [place for place in _named(parts[0], within) if all(_lies_in(place, above) for above in parts[1:])] if parts else []
    exact = [place for place in found if _spelt(place.name).endswith(_spelt(said.split(",", maxsplit=1)[0]))]
    if len(chosen := exact or found) == 1:
        return chosen[0]
    near = chosen or (_near(parts[0][0][1], within) if parts else [])
    raise UnknownPlace(text, [_path(place) for place in near[:SUGGESTIONS_MOST]])


def suggest(code_or_name: str) -> list[str]:
    """Places that may have been meant, as `code name, district, province`."""
    try:
        return [_path(find_place(code_or_name))]
    except UnknownPlace as unknown:
        return unknown.suggestions


def _readings(text: str) -> list[Reading]:
    """What a text may say: a name alone, or a kind of unit and a name; both without diacritics, case and odd spaces. A kind counts with
    its own diacritics, or where the text has none: `Tịnh Kỳ` is a name, `Tỉnh Kỳ` would be a province, `tinh ky` may be either."""
    bare, spelt = _bare(text), _spelt(text)
    readings: list[Reading] = [(None, bare)]
    first, _, rest = bare.partition(" ")
    if rest and first in SHORT_KINDS:
        readings.append((SHORT_KINDS[first], rest))
    for kind in KINDS:
        plain = _bare(kind)
        if bare.startswith(plain + " ") and (spelt.startswith(kind) or spelt == bare):
            readings.append((plain, bare.removeprefix(plain).strip()))
    return readings


def _named(readings: list[Reading], within: str | None) -> list[Unit]:
    places = [place for _, name in readings for place in _places().get(name, ()) if _is(place, readings)]
    return [place for place in places if within is None or within in (*parents(place.code), place.code)]


def _is(place: Unit, readings: list[Reading]) -> bool:
    kind, name = _readings(place.name)[-1]
    return any(said_name == name and said_kind in (None, kind) for said_kind, said_name in readings)


def _bare(text: str) -> str:
    letters = "".join(mark for mark in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(mark))
    return " ".join(letters.replace("đ", "d").replace(".", ". ").replace(".", " ").split())


def _spelt(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@cache
def _places() -> Mapping[str, list[Unit]]:
    places: dict[str, list[Unit]] = {}
    for one in units().values():
        if is_valid_place(one.code):
            places.setdefault(_readings(one.name)[-1][1], []).append(one)
    return places


def _lies_in(place: Unit, readings: list[Reading]) -> bool:
    return any(_is(units()[code], readings) for code in parents(place.code))


def _near(name: str, within: str | None) -> list[Unit]:
    known = [key for key in _places() if _named([(None, key)], within)]
    close = difflib.get_close_matches(name, known, n=SUGGESTIONS, cutoff=0.7)
    return [place for key in close for place in _named([(None, key)], within)]


def _path(place: Unit) -> str:
    return f"{place.code} " + ", ".join([place.name, *(units()[code].name for code in parents(place.code))])
