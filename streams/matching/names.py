"""Compares names the way Vietnamese names are compared.

Changes that a keyboard, a form or an old register makes are told apart from another name.
"""

import re
import unicodedata
from functools import lru_cache

from schemas.contract.terms import Likeness

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
STROKE = "\u0335"
UNWRITTEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad'’‘ʼ`´"
BETWEEN = "-‐‑‒–—.,"
TYPED_AS = str.maketrans(
    dict.fromkeys(UNWRITTEN, "") | dict.fromkeys(BETWEEN, " ") | dict.fromkeys("đðɖ", "d" + STROKE)
)
"""Letters count as this table writes them, after case folding.

Eth (Ð) and the African D (Ɖ) look like Đ, and old registers are full of them.
"""
LONE_I = re.compile(r"(?:[^aeiouy]*|qu)y")
"""Matches syllables that may be written with y or i.

Lý and Lí are such, and Quý and Quí; Mai and May are not, nor Thuý and Thúi.
"""


def compare_names(declared: str, registered: str) -> Likeness:
    """Returns how alike two names are.

    "equal": they are the same but for case, spaces, hyphens, apostrophes, Unicode form and the
    place of the tone mark (hoà, hòa).
    "near": one side leaves out marks, and without those both are the same (NGUYEN VAN AN, Nguyễn
    Văn Ân). Names with y for i (Lý, Lí), or without one middle name, are near too. Names are typed
    so on phones, and shortened so on forms.
    "different": anything else, such as other letters, other marks (Hùng and Hưng may well be
    brothers) or another order of the syllables.
    """
    if declared == registered:
        return "equal"
    left, right = _syllables(declared), _syllables(registered)
    if left == right:
        return "equal"
    if _all_near(left, right) or _near_but_for_a_middle_name(left, right):
        return "near"
    return "different"


@lru_cache(maxsize=100_000)
def _syllables(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFD", name.casefold()).translate(TYPED_AS)
    return tuple(_tone_last(syllable) for syllable in plain.split())


def _tone_last(syllable: str) -> str:
    """Moves the tone mark to the end of a syllable.

    A syllable has one tone, so which of its vowels carries the mark says nothing. Other marks
    (ơ, ê, ă) belong to their letter.
    """
    tone = "".join(mark for mark in syllable if mark in TONES)
    return "".join(mark for mark in syllable if mark not in TONES) + tone


def family_and_given(name: str) -> str:
    """Returns the first and last syllable without marks.

    The result is equal for all spellings of a name that `compare_names` calls equal or near.
    """
    syllables = [_i_for_y(_bare(syllable)) for syllable in _syllables(name)]
    return f"{syllables[0]} {syllables[-1]}" if syllables else ""


def _all_near(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return len(left) == len(right) and all(map(_is_near, left, right))


@lru_cache(maxsize=100_000)
def _is_near(left: str, right: str) -> bool:
    left, right = _i_for_y(left), _i_for_y(right)
    return _bare(left) == _bare(right) and (
        _lacks_marks_of(left, right) or _lacks_marks_of(right, left)
    )


@lru_cache(maxsize=100_000)
def _i_for_y(syllable: str) -> str:
    return syllable.replace("y", "i") if LONE_I.fullmatch(_bare(syllable)) else syllable


@lru_cache(maxsize=100_000)
def _bare(syllable: str) -> str:
    return "".join(mark for mark in syllable if not unicodedata.combining(mark))


def _lacks_marks_of(fewer: str, more: str) -> bool:
    """Returns whether `fewer` is `more` with none or some of its marks left out.

    Both have the same letters. All of `fewer` has to occur in `more` in the same order: `in` reads
    the iterator on from where it stands.
    """
    rest = iter(more)
    return all(mark in rest for mark in fewer)


def _near_but_for_a_middle_name(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Returns whether one name is near the other without one of its middle names."""
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) < 2 or len(longer) != len(shorter) + 1:
        return False
    for place in range(1, len(longer) - 1):
        without_middle_name = longer[:place] + longer[place + 1 :]
        if _all_near(without_middle_name, shorter):
            return True
    return False
