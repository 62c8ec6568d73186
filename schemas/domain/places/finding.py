"""Finds places by name.

The name may be with or without its kind and its diacritics, alone or with the units above it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from schemas.contract.errors import UnknownPlace
from schemas.domain.places.similar import Names
from schemas.domain.places.units import Unit, is_valid_place, parents, units

KINDS = {
    "thị trấn": "thi tran",
    "thành phố": "thanh pho",
    "thị xã": "thi xa",
    "phường": "phuong",
    "huyện đảo": "huyen",
    "huyện": "huyen",
    "quận": "quan",
    "tỉnh": "tinh",
    "xã": "xa",
}
SHORT_KINDS = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "p": "phuong",
    "q": "quan",
    "h": "huyen",
    "x": "xa",
    "t": "tinh",
}
PUNCTUATION = str.maketrans(dict.fromkeys("'’‘ʼ`", "") | dict.fromkeys(".-–—", " "))
MAX_NAMES = 3
MAX_SUGGESTIONS = 6
Reading = tuple[str | None, str]
"""A kind of unit, if one was written, and a name."""


def find_place(text: str, within: str | None = None) -> Unit:
    """Returns the one place meant by a code, a name or a path.

    A path is such as `Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi`. `within` is the code of a
    district or province to look in. Raises `UnknownPlace` with suggestions when there is none or
    more than one.
    """
    written = text.strip()
    if is_valid_place(written):
        return units()[written]
    first, *others = [part for part in written.split(",") if part.strip()] or [""]
    above = [_readings(part) for part in others]
    named = [place for place in _named(_readings(first)) if _lies_in(place, above, within)]
    candidates = named
    if _has_marks(written):
        candidates = [place for place in named if _is_spelt(place, first)] or named
    if len(candidates) == 1:
        return candidates[0]
    near = candidates or _near(_readings(first), above, within)
    raise UnknownPlace(text, [_path(place) for place in near[:MAX_SUGGESTIONS]])


@lru_cache(maxsize=4096)
def suggest(code_or_name: str) -> Sequence[str]:
    """Returns places that may have been meant, as `code name, district, province`."""
    try:
        return (_path(find_place(code_or_name)),)
    except UnknownPlace as unknown:
        return tuple(unknown.suggestions)


def _readings(text: str) -> list[Reading]:
    """Returns what a text may mean: a name alone, or a kind of unit and a name.

    Both are without diacritics, case and odd spaces. A kind counts with its own diacritics or with
    none: `Tịnh Kỳ` is a name, `Tỉnh Kỳ` would be a province, `tinh ky` may be either.
    """
    bare, plain = _bare(text), _plain(text)
    readings: list[Reading] = [(None, bare)]
    first, _, rest = bare.partition(" ")
    if rest and first in SHORT_KINDS:
        readings.append((SHORT_KINDS[first], rest))
    for spelt, kind in KINDS.items():
        unmarked = _bare(spelt) + " "
        if bare.startswith(unmarked) and plain.startswith((spelt, unmarked)):
            readings.append((kind, bare.removeprefix(unmarked)))
    return readings


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().translate(PUNCTUATION).split())


@lru_cache(maxsize=20_000)
def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", _plain(text))
    letters = [letter for letter in decomposed if not unicodedata.combining(letter)]
    return "".join(letters).replace("đ", "d")


@cache
def _own(code: str) -> Reading:
    return _readings(units()[code].name)[-1]


@cache
def _places() -> Mapping[str, list[Unit]]:
    places: dict[str, list[Unit]] = {}
    for unit in units().values():
        if is_valid_place(unit.code):
            places.setdefault(_own(unit.code)[1], []).append(unit)
    return places


@cache
def _names() -> Names:
    return Names(_places())


def _named(readings: list[Reading]) -> list[Unit]:
    places = list[Unit]()
    for _, name in readings:
        places += [place for place in _places().get(name, ()) if _is(place.code, readings)]
    return places


def _is(code: str, readings: list[Reading]) -> bool:
    kind, name = _own(code)
    return (None, name) in readings or (kind, name) in readings


def _lies_in(place: Unit, above: list[list[Reading]], within: str | None) -> bool:
    """Returns whether each part names a unit above the place, and `within` holds it too."""
    codes_above = parents(place.code)
    if within is not None and within not in (place.code, *codes_above):
        return False
    return all(_names_one_of(codes_above, part) for part in above)


def _names_one_of(codes: Sequence[str], readings: list[Reading]) -> bool:
    return any(_is(code, readings) for code in codes)


def _has_marks(text: str) -> bool:
    """Returns whether any mark was typed; `Sa Pa` without one may be Sa Pả as well."""
    return _plain(text) != _bare(text)


def _is_spelt(place: Unit, text: str) -> bool:
    """Returns whether the place has these very marks, wherever in the name they stand.

    Hòa is spelt Hoà too.
    """
    words = len(_own(place.code)[1].split())
    return _letters_and_marks(place.name, words) == _letters_and_marks(text, words)


def _letters_and_marks(text: str, words: int) -> list[str]:
    """Returns those of the last words, sorted."""
    last_words = " ".join(_plain(text).split()[-words:])
    return sorted(unicodedata.normalize("NFD", last_words))


def _near(readings: list[Reading], above: list[list[Reading]], within: str | None) -> list[Unit]:
    """Returns places of similar names in the units written above them.

    If there is none there, those units may be misspelt too, and are left out of account.
    """
    near = _near_in(readings, above, within)
    if near or not above:
        return near
    return _near_in(readings, [], within)


def _near_in(readings: list[Reading], above: list[list[Reading]], within: str | None) -> list[Unit]:
    likeness: dict[str, float] = {}
    for _, name in readings:
        if not name.isdigit():
            likeness |= _names().like(name, lambda key: bool(_fitting(key, above, within)))
    best = sorted(likeness, key=lambda key: (-likeness[key], key))[:MAX_NAMES]
    places = list[Unit]()
    for name in best:
        places += _fitting(name, above, within)
    return places


def _fitting(name: str, above: list[list[Reading]], within: str | None) -> list[Unit]:
    return [place for place in _places()[name] if _lies_in(place, above, within)]


def _path(place: Unit) -> str:
    names = [place.name, *(units()[code].name for code in parents(place.code))]
    return f"{place.code} {', '.join(names)}"
