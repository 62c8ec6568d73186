"""Places found by name: with or without their kind, with or without diacritics, alone or with what they lie in."""

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
NAMES_MOST, SUGGESTIONS_MOST = 3, 6
Reading = tuple[str | None, str]
"""Kind of unit, if one was said, and the name."""


def find_place(text: str, within: str | None = None) -> Unit:
    """The one place meant by a code, a name or a path such as `Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi`. `within`: code of a district
    or province to look in. Raises `UnknownPlace` with suggestions when there is none or more than one."""
    said = text.strip()
    if is_valid_place(said):
        return units()[said]
    first, *above = [part for part in said.split(",") if part.strip()] or [""]
    lie = [_readings(part) for part in above]
    found = [place for place in _named(_readings(first)) if _lies_in(place, lie, within)]
    chosen = (
        [place for place in found if _is_spelt(place, first)] if _has_marks(said) else []
    ) or found
    if len(chosen) == 1:
        return chosen[0]
    near = chosen or _near(_readings(first), lie, within)
    raise UnknownPlace(text, [_path(place) for place in near[:SUGGESTIONS_MOST]])


@lru_cache(maxsize=4096)
def suggest(code_or_name: str) -> Sequence[str]:
    """Places that may have been meant, as `code name, district, province`."""
    try:
        return (_path(find_place(code_or_name)),)
    except UnknownPlace as unknown:
        return tuple(unknown.suggestions)


def _readings(text: str) -> list[Reading]:
    """What a text may say: a name alone, or a kind of unit and a name; both without diacritics, case and odd spaces. A kind counts with
    its own diacritics or with none: `Tịnh Kỳ` is a name, `Tỉnh Kỳ` would be a province, `tinh ky` may be either."""
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
    letters = "".join(
        mark
        for mark in unicodedata.normalize("NFD", _plain(text))
        if not unicodedata.combining(mark)
    )
    return letters.replace("đ", "d")


@cache
def _own(code: str) -> Reading:
    return _readings(units()[code].name)[-1]


@cache
def _places() -> Mapping[str, list[Unit]]:
    places: dict[str, list[Unit]] = {}
    for one in units().values():
        if is_valid_place(one.code):
            places.setdefault(_own(one.code)[1], []).append(one)
    return places


@cache
def _names() -> Names:
    return Names(_places())


def _named(readings: list[Reading]) -> list[Unit]:
    return [
        place
        for _, name in readings
        for place in _places().get(name, ())
        if _is(place.code, readings)
    ]


def _is(code: str, readings: list[Reading]) -> bool:
    kind, name = _own(code)
    return any(said_name == name and said_kind in (None, kind) for said_kind, said_name in readings)


def _lies_in(place: Unit, above: list[list[Reading]], within: str | None) -> bool:
    over = parents(place.code)
    return (within is None or within in over or within == place.code) and all(
        any(_is(code, part) for code in over) for part in above
    )


def _has_marks(said: str) -> bool:
    """Typed without any mark, `Sa Pa` may be Sa Pả as well."""
    return _plain(said) != _bare(said)


def _is_spelt(place: Unit, said: str) -> bool:
    """With these very marks, wherever in the name they stand: Hòa is spelt Hoà too."""
    words = len(_own(place.code)[1].split())
    name, other = (
        sorted(unicodedata.normalize("NFD", " ".join(_plain(text).split()[-words:])))
        for text in (place.name, said)
    )
    return name == other


def _near(readings: list[Reading], above: list[list[Reading]], within: str | None) -> list[Unit]:
    """Places of similar names in what was said to be above them; if there is none there, that may be misspelt too."""
    return _near_in(readings, above, within) or (_near_in(readings, [], within) if above else [])


def _near_in(readings: list[Reading], above: list[list[Reading]], within: str | None) -> list[Unit]:
    likeness: dict[str, float] = {}
    for _, name in readings:
        if not name.isdigit():
            likeness |= _names().like(name, lambda key: bool(_fitting(key, above, within)))
    best = sorted(likeness, key=lambda key: (-likeness[key], key))[:NAMES_MOST]
    return [place for key in best for place in _fitting(key, above, within)]


def _fitting(name: str, above: list[list[Reading]], within: str | None) -> list[Unit]:
    return [place for place in _places()[name] if _lies_in(place, above, within)]


def _path(place: Unit) -> str:
    return f"{place.code} " + ", ".join(
        [place.name, *(units()[code].name for code in parents(place.code))]
    )
