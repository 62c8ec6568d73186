"""What the exports read off the answer of a forward trace, each count in one place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.http.fields import VIETNAM
from api.tracing.households import HOUSEHOLD

Answer = Mapping[str, Any]
"""`ForwardTrace`, not yet written."""
Person = Mapping[str, Any]
"""`PersonOut`, the same."""
AT_HOME = "tại nhà / at home"
WORDS_FOR_ASSUMED = {
    "overlap_minutes": ("thời gian ở cùng nhau tối thiểu", "least time together"),
    "distance_most_m": (
        "khoảng cách xa nhất còn tính là tiếp xúc",
        "greatest distance that counts",
    ),
    "apart_minutes": (
        "khoảng thời gian giữa hai lượt tại một nơi còn tính là cùng lúc",
        "time apart at one place that still counts",
    ),
    "uncertain_minutes": (
        "sai số của khoảng thời gian được biết không chính xác",
        "how far a period that is not exactly known may be off",
    ),
    "latent_hours": (
        "thời gian từ khi phơi nhiễm đến khi có thể lây",
        "time from exposure until infectious",
    ),
    "vehicles_count": (
        "người đi chung phương tiện là tiếp xúc",
        "whether those in one vehicle are contacts",
    ),
    "households_count": (
        "người cùng hộ là tiếp xúc",
        "whether those of one household are contacts",
    ),
    "days_before_onset": ("số ngày có thể lây trước khi khởi phát", "infectious days before onset"),
    "contacts_isolated_at": (
        "lúc người tiếp xúc được cách ly: lấy bằng lúc cách ly ca bệnh",
        "when contacts were isolated: taken to be when the case was",
    ),
    "days_before_sampling": (
        "số ngày có thể lây trước khi lấy mẫu",
        "infectious days before sampling",
    ),
}


def local(at: datetime) -> datetime:
    return at.astimezone(VIETNAM)


def place_told(place: str) -> str:
    """On paper nobody needs the key of a household."""
    return AT_HOME if place.startswith(HOUSEHOLD) else place


def row_of(person: Person) -> dict[str, Any]:
    """A person beside the last step of their chain."""
    own_case_ids = " ".join(person["own_case_ids"])
    return {
        **step_of(person["chain"][-1]),
        **person,
        "contacts": contacts_of(person),
        "own_case_ids": own_case_ids,
        "isolated_at": person["isolated_at"] or "",
    }


def step_of(contact: Mapping[str, Any]) -> dict[str, Any]:
    """A contact as a row: on which kind of fact it rests and how exactly it is known, of either side, in a column each."""
    (source_known_by, known_by), (source_granularity, granularity) = (
        contact["known_by"],
        contact["granularity"],
    )
    source_part, part = contact["parts"]
    known = {
        "source_known_by": source_known_by,
        "known_by": known_by,
        "source_part": source_part,
        "part": part,
    }
    return {
        **contact,
        **known,
        "source_granularity": source_granularity,
        "granularity": granularity,
    }


WORDS_FOR_SOURCES = {
    "scan": ("quét tại chốt", "scanned at a post"),
    "journey": ("chuyến đi đã khai", "journey declared"),
    "site_declaration": ("khai báo tại địa điểm", "declared at the site"),
    "report": ("người truy vết ghi nhận", "reported"),
}


def source_told(source: str) -> tuple[str, str]:
    """Which kind of fact says where somebody was, in Vietnamese and in English."""
    return WORDS_FOR_SOURCES.get(source, (source, source))


NOBODY_KNOWS = (
    "Không có dữ liệu nào cho biết ca bệnh đã ở đâu: kiểm tra số giấy tờ, hoặc bổ sung mốc dịch tễ",
    "Nobody knows where the case was: check the number, or add milestones",
)
TOO_EARLY = (
    "Ca bệnh đã được cách ly trước khi có thể lây",
    "The case was isolated before it could infect anybody",
)


def stays_told(answer: Answer) -> tuple[str, str]:
    """How many stays of the case are known, in both languages, or what it means that none is."""
    if answer["since"] >= answer["until"]:
        return TOO_EARLY
    return (str(answer["stays"]), str(answer["stays"])) if answer["stays"] else NOBODY_KNOWS


def contacts_of(person: Person) -> int:
    """All that there are, listed or not."""
    return len(person["contacts"]) + int(person["more_contacts"])


def unlisted_of(answer: Answer) -> int:
    return sum(one["more"] for one in answer["unlisted"])


def not_followed_of(answer: Answer) -> int:
    return sum(answer["not_followed"].values())


def assumed_of(answer: Answer) -> list[tuple[str, str]]:
    """In Vietnamese and in English; a parameter we have no words for by its name."""
    return [WORDS_FOR_ASSUMED.get(name, (name, name)) for name in answer["rules"]["assumed"]]
