"""Vietnamese names, family name first, and the ways in which people write them.

Family names have their real shares; given names go by sex.
"""

import random
import unicodedata
from collections.abc import Callable

FAMILIES = {
    "Nguyễn": 38, "Trần": 11, "Lê": 9, "Phạm": 7, "Huỳnh": 5, "Võ": 5, "Đỗ": 3, "Bùi": 3,
    "Đặng": 3, "Trương": 3, "Phan": 3, "Ngô": 2, "Hồ": 2, "Dương": 1, "Lý": 1, "Tạ": 1, "Đoàn": 1,
    "Cao": 1, "Châu": 1,
}  # fmt: skip
"""Family names, each with its share in per cent."""
HIGHLAND_FAMILIES = {"Đinh": 50, "Phạm": 25, "Hồ": 20, "Nguyễn": 5}
HIGHLAND_DISTRICTS = frozenset(("525", "529", "530", "531", "535"))
HIGHLAND_SHARE = 0.7
"""Share of people there who bear a name of the highlands."""
MIDDLES = {
    "male": (
        "Văn", "Hữu", "Đức", "Minh", "Quốc", "Thanh", "Công", "Xuân", "Ngọc", "Tấn", "Đình",
        "Quang",
    ),
    "female": (
        "Thị", "Thị Thu", "Thị Kim", "Thị Ngọc", "Thanh", "Thị Mỹ", "Thuỳ", "Bích", "Thị Hồng",
        "Ngọc",
    ),
}  # fmt: skip
GIVENS = {
    "male": (
        "An", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hoà", "Hùng", "Khoa", "Lâm", "Long",
        "Nam", "Phúc", "Quân", "Sơn", "Tài", "Thắng", "Thịnh", "Tiến", "Toàn", "Trung", "Tú",
        "Tuấn", "Việt", "Vinh",
    ),
    "female": (
        "Anh", "Chi", "Diễm", "Dung", "Hà", "Hạnh", "Hiền", "Hoà", "Hoa", "Hương", "Lan", "Liên",
        "Linh", "Loan", "Mai", "My", "Nga", "Ngân", "Nhung", "Oanh", "Phương", "Quỳnh", "Thảo",
        "Thuý", "Trang", "Tuyết", "Uyên", "Vân", "Yến",
    ),
}  # fmt: skip


def full_name(rng: random.Random, sex: str, district_code: str) -> str:
    is_highland = district_code in HIGHLAND_DISTRICTS and rng.random() < HIGHLAND_SHARE
    families = HIGHLAND_FAMILIES if is_highland else FAMILIES
    family = rng.choices(list(families), list(families.values()))[0]
    return f"{family} {rng.choice(MIDDLES[sex])} {rng.choice(GIVENS[sex])}"


def another_name(rng: random.Random, name: str, sex: str) -> str:
    """Returns a name that differs in the family name, whatever marks are left out."""
    plain = without_marks(name).split()[0]
    family = rng.choice([family for family in FAMILIES if without_marks(family) != plain])
    return f"{family} {rng.choice(MIDDLES[sex])} {rng.choice(GIVENS[sex])}"


def without_marks(name: str) -> str:
    marked = unicodedata.normalize("NFD", name)
    letters = "".join(letter for letter in marked if not unicodedata.combining(letter))
    return letters.replace("đ", "d").replace("Đ", "D")


def _with_tone_moved(name: str) -> str:
    return name.replace("oà", "òa").replace("uý", "úy").replace("uỳ", "ùy")


WAYS_OF_WRITING: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    without_marks,
    _with_tone_moved,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace(" ", "  "),
    lambda name: without_marks(name).upper(),
)
"""Ways that leave a name the same name."""
