"""Names compared the way Vietnamese names are: what a keyboard, a form or an old register changes is told from another name."""

import unicodedata
from functools import lru_cache

from schemas.terms import Likeness

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
D_STROKE = str.maketrans({"đ": "d"})
MOVABLE_TONE = ("oa", "oe", "uy")
"""Open rhymes whose tone mark is put on either vowel: hoà or hòa, khoẻ or khỏe, thuý or thúy."""


def compare_names(declared: str, registered: str) -> Likeness:
    """equal: the same but for case, spaces, Unicode form and where the tone mark stands (hoà, hòa). near: the same once diacritics are
    left out, or y is written for i, or one middle name is left out: how names are typed on phones and shortened on forms.
    different: anything else, the order of the syllables included."""
    if declared == registered:
        return "equal"
    left, right = _syllables(declared), _syllables(registered)
    if left == right:
        return "equal"
    if _bare(left) == _bare(right) or _one_middle_name_left_out(_bare(left), _bare(right)):
        return "near"
    return "different"


@lru_cache(maxsize=100_000)
def _syllables(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFD", name.translate(INVISIBLE).casefold().replace("-", " "))
    return tuple(_settle_tone(syllable) for syllable in plain.split())


def _settle_tone(syllable: str) -> str:
    """The letters, then the tone: so that where the mark was typed does not matter. Other marks (ơ, ê, ă) are letters."""
    tone = "".join(mark for mark in syllable if mark in TONES)
    letters = "".join(mark for mark in syllable if mark not in TONES)
    if not tone or any(rhyme in letters for rhyme in MOVABLE_TONE):
        return letters + tone
    return unicodedata.normalize("NFC", syllable)


@lru_cache(maxsize=100_000)
def _bare(syllables: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_without_marks(syllable) for syllable in syllables)


def _without_marks(syllable: str) -> str:
    letters = "".join(mark for mark in unicodedata.normalize("NFD", syllable) if not unicodedata.combining(mark))
    return letters.translate(D_STROKE).replace("y", "i")


def _one_middle_name_left_out(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) < 2 or len(longer) != len(shorter) + 1:
        return False
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(1, len(longer) - 1))
