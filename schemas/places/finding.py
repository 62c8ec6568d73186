"""Places found by name: with or without their kind, with or without diacritics, alone or with what they lie in."""

import difflib
import unicodedata
from collections.abc import Mapping
from functools import cache

from schemas.errors import UnknownPlace
from schemas.places.units import Unit, is_valid_place, parents, units

KINDS = ("thi tran", "thanh pho", "thi xa", "phuong", "huyen", "quan", "tinh", "xa")
SHORT_KINDS = {"tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "p": "phuong", "q": "quan", "h": "huyen", "x": "xa", "t": "tinh"}
SUGGESTIONS = 3


def find_place(text: str, within: str | None = None) -> Unit:
    """The one place meant by a code, a name or a path such as `Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi`. `within`: code of a district
    or province to look in. Raises `UnknownPlace` with suggestions when there is none or more than one."""
    said = text.strip()
    if is_valid_place(said):
        return units()[said]
    if not (parts := [_kind_and_name(part) for part in said.split(",") if part.strip()]):
        raise UnknownPlace(text, [])
    (kind, name), *above = parts
    found = [place for place in _places().get(name, ()) if _is(place, kind, name) and _lies_in(place, above, within)]
    exact = [place for place in found if _spelt(place.name) == _spelt(said.split(",", maxsplit=1)[0])]
    if len(chosen := exact or found) == 1:
        return chosen[0]
    raise UnknownPlace(text, [_path(place) for place in chosen or _near(name, within)])


def suggest(code_or_name: str) -> list[str]:
    """Places that may have been meant, as `code name, district, province`."""
    try:
        return [_path(find_place(code_or_name))]
    except UnknownPlace as unknown:
        return unknown.suggestions


def _kind_and_name(text: str) -> tuple[str | None, str]:
    """Kind of unit, if it was said, and the name; both without diacritics, case and odd spaces."""
    bare = _bare(text)
    first, _, rest = bare.partition(" ")
    if rest and first in SHORT_KINDS:
        return SHORT_KINDS[first], rest
    kind = next((kind for kind in KINDS if bare.startswith(kind + " ")), None)
    return kind, bare.removeprefix(kind).strip() if kind else bare


def _is(place: Unit, kind: str | None, name: str) -> bool:
    known_kind, known_name = _kind_and_name(place.name)
    return known_name == name and kind in (None, known_kind)


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
            places.setdefault(_kind_and_name(one.name)[1], []).append(one)
    return places


def _lies_in(place: Unit, named: list[tuple[str | None, str]], within: str | None) -> bool:
    above = parents(place.code)
    if within is not None and within not in (*above, place.code):
        return False
    return all(any(_is(units()[code], kind, name) for code in above) for kind, name in named)


def _near(name: str, within: str | None) -> list[Unit]:
    known = [key for key, places in _places().items() if any(_lies_in(place, [], within) for place in places)]
    close = difflib.get_close_matches(name, known, n=SUGGESTIONS, cutoff=0.7)
    return [place for key in close for place in _places()[key] if _lies_in(place, [], within)][: 2 * SUGGESTIONS]


def _path(place: Unit) -> str:
    return f"{place.code} " + ", ".join([place.name, *(units()[code].name for code in parents(place.code))])
