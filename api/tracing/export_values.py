"""The values that several exports of a forward trace show, each worked out in one place."""

from datetime import datetime
from typing import Any

from api.tracing.forward_trace import ForwardTrace, TraceContact, TracePerson
from api.tracing.households import HOUSEHOLD
from schemas.domain.local_time import VIETNAM

Label = tuple[str, str]
"""A label is in Vietnamese and in English."""
AT_HOME = "tại nhà / at home"
LABELS_FOR_ASSUMED: dict[str, Label] = {
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
LABELS_FOR_SOURCES: dict[str, Label] = {
    "scan": ("quét tại chốt", "scanned at a post"),
    "journey": ("chuyến đi đã khai", "journey declared"),
    "site_declaration": ("khai báo tại địa điểm", "declared at the site"),
    "report": ("người truy vết ghi nhận", "reported"),
}
NO_STAY_KNOWN: Label = (
    "Không có dữ liệu nào cho biết ca bệnh đã ở đâu: kiểm tra số giấy tờ, hoặc bổ sung mốc dịch tễ",
    "Nobody knows where the case was: check the number, or add milestones",
)
ISOLATED_BEFORE: Label = (
    "Ca bệnh đã được cách ly trước khi có thể lây",
    "The case was isolated before it could infect anybody",
)


def local(at: datetime) -> datetime:
    """Returns the time in Vietnam's zone."""
    return at.astimezone(VIETNAM)


def place_label(place: str) -> str:
    """Returns the place; a household by a word, because nobody needs its key on paper."""
    return AT_HOME if place.startswith(HOUSEHOLD) else place


def person_row(person: TracePerson) -> dict[str, Any]:
    """Returns a person as a row, beside the last step of their chain."""
    return {
        **contact_row(person.chain[-1]),
        "person_id": person.person_id,
        "generation": person.generation,
        "exposed_at": person.exposed_at,
        "exposed_place": person.exposed_place,
        "last_exposed_at": person.last_exposed_at,
        "residence_code": person.residence_code,
        "isolated_at": person.isolated_at or "",
        "own_case_ids": " ".join(person.own_case_ids),
        "contacts": contact_count(person),
    }


def contact_row(contact: TraceContact) -> dict[str, Any]:
    """Returns a contact as a row, with a column for each side of what is known of both sides."""
    source_part, part = contact.parts
    source_known_by, known_by = contact.known_by
    source_granularity, granularity = contact.granularity
    return {
        "source_id": contact.source_id,
        "contact_id": contact.contact_id,
        "place": contact.place,
        "source_part": source_part,
        "part": part,
        "met_from": contact.met_from,
        "met_to": contact.met_to,
        "apart_s": contact.apart_s,
        "uncertain_s": contact.uncertain_s,
        "source_known_by": source_known_by,
        "known_by": known_by,
        "source_granularity": source_granularity,
        "granularity": granularity,
        "rule": contact.rule,
        "source_presence_id": contact.source_presence_id,
        "contact_presence_id": contact.contact_presence_id,
    }


def source_label(source: str) -> Label:
    """Says which kind of fact tells where somebody was; an unknown kind by its name."""
    return LABELS_FOR_SOURCES.get(source, (source, source))


def stays_label(trace: ForwardTrace) -> Label:
    """Says how many stays of the case are known, or what it means that none is."""
    if trace.since >= trace.until:
        return ISOLATED_BEFORE
    if trace.stays == 0:
        return NO_STAY_KNOWN
    return str(trace.stays), str(trace.stays)


def contact_count(person: TracePerson) -> int:
    """Counts all contacts of the person, listed or not."""
    return len(person.contacts) + person.more_contacts


def crowded_out(trace: ForwardTrace) -> int:
    """Counts the contacts that crowds leave out of the trace."""
    return sum(crowd.more for crowd in trace.crowds)


def not_followed(trace: ForwardTrace) -> int:
    """Counts the people listed whose own contacts were not asked for."""
    return sum(trace.not_followed.values())


def assumed_labels(trace: ForwardTrace) -> list[Label]:
    """Returns the label of each assumed parameter; one without a label goes by its name."""
    return [LABELS_FOR_ASSUMED.get(name, (name, name)) for name in trace.rules.assumed]
