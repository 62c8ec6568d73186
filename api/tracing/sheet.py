"""A forward trace as a workbook (XLSX): its people, their contacts, whose people they are, and how the trace came about."""

from collections.abc import Iterable, Iterator
from typing import Any

from api.http.workbook import ZONE, Book, Heads
from api.tracing.answers import (
    Answer,
    Person,
    assumed_of,
    local,
    not_followed_of,
    row_of,
    source_told,
    stays_told,
    step_of,
    unlisted_of,
)
from api.tracing.table import COLUMNS

SINCE = (
    (
        "Người chỉ biết được từ dữ liệu nhận sau đó / People known only from what was received later",
        "learnt_since",
    ),
    (
        "Người mà dữ liệu nay không còn dẫn đến / People to whom nothing leads any more",
        "withdrawn_since",
    ),
    ("Người mà sau đó xác định là người khác / People who turned out to be others", "moved_since"),
)
CONTACT_COLUMNS = (
    "generation",
    "source_id",
    "contact_id",
    "place",
    "source_part",
    "part",
    "met_from",
    "met_to",
    "apart_s",
    "uncertain_s",
    "source_known_by",
    "known_by",
    "source_granularity",
    "granularity",
    "rule",
    "source_presence_id",
    "contact_presence_id",
)
SINCE_COLUMNS = ("change", "person_id", "known_as")
MILESTONE_COLUMNS = ("began_at", "ended_at", "place", "said_by", "exact_to")
COMMUNE_COLUMNS = ("unit_code", "name", "district", "people")
HEADS: Heads = {
    "generation": ("Thế hệ / Generation", 11),
    "person_id": ("Bí danh / Pseudonym", 36),
    "exposed_at": ("Lúc phơi nhiễm / Exposed at" + ZONE, 22),
    "exposed_place": ("Nơi phơi nhiễm / Exposed where", 34),
    "last_exposed_at": ("Phơi nhiễm lần cuối / Last exposed at" + ZONE, 22),
    "residence_code": ("Mã xã, phường cư trú / Commune of residence", 16),
    "isolated_at": ("Cách ly theo quyết định từ / Isolated by order from" + ZONE, 22),
    "own_case_ids": ("Chính họ là ca bệnh / Confirmed cases themselves", 38),
    "source_id": ("Bí danh nguồn / Pseudonym of the source", 36),
    "contact_id": ("Bí danh người tiếp xúc / Pseudonym of the contact", 36),
    "place": ("Nơi / Place", 34),
    "source_part": ("Vị trí của nguồn / Part of it (source)", 24),
    "part": ("Vị trí của người tiếp xúc / Part of it (contact)", 24),
    "began_at": ("Từ / From" + ZONE, 22),
    "ended_at": ("Đến / To" + ZONE, 22),
    "said_by": ("Nguồn tin / Known by", 44),
    "exact_to": ("Độ chính xác / Granularity", 16),
    "met_from": ("Từ / From" + ZONE, 22),
    "met_to": ("Đến / To" + ZONE, 22),
    "apart_s": ("Cách nhau (giây) / Apart (s)", 13),
    "source_known_by": ("Biết qua (nguồn) / Known by (source)", 18),
    "known_by": ("Biết qua (người tiếp xúc) / Known by (contact)", 18),
    "uncertain_s": ("Sai số (giây) / Uncertain by (s)", 13),
    "source_granularity": ("Độ chính xác (nguồn) / Granularity (source)", 18),
    "granularity": ("Độ chính xác (người tiếp xúc) / Granularity (contact)", 18),
    "rule": ("Tính theo tham số / Counts by parameter", 18),
    "contacts": ("Số lượt tiếp xúc / Contacts", 13),
    "source_presence_id": ("Lượt có mặt của nguồn / Presence of the source", 38),
    "contact_presence_id": ("Lượt có mặt của người tiếp xúc / Presence of the contact", 38),
    "change": ("Thay đổi từ đó đến nay / Changed since then", 70),
    "known_as": ("Nay xác định là / Known by now to be", 36),
    "unit_code": ("Mã / Code", 10),
    "name": ("Xã, phường / Commune", 30),
    "district": ("Huyện, quận / District", 30),
    "people": ("Số người / People", 12),
}


def as_xlsx(answer: Answer) -> bytes:
    """Blocks for seconds where a trace is large."""
    book, people = Book(HEADS), answer["people"]
    no_room = book.add_table("People", COLUMNS, map(row_of, people)) + book.add_table(
        "Contacts", CONTACT_COLUMNS, _contacts(people)
    )
    book.add_table("Milestones", MILESTONE_COLUMNS, _milestones(answer))
    book.add_table("Communes", COMMUNE_COLUMNS, answer["communes"])
    if answer["known_at"]:
        book.add_table("Since", SINCE_COLUMNS, _since(answer))
    book.add_facts("About", _about(answer, no_room))
    return book.content()


def _contacts(people: Iterable[Person]) -> Iterator[dict[str, Any]]:
    for person in people:
        for contact in person["contacts"]:
            yield {**step_of(contact), "generation": person["generation"]}


def _milestones(answer: Answer) -> Iterator[dict[str, Any]]:
    for one in answer["milestones"]:
        yield {
            **one,
            "said_by": " / ".join(source_told(one["known_by"])),
            "exact_to": one["granularity"],
        }


def _since(answer: Answer) -> Iterator[dict[str, str]]:
    """Who is in today's answer and not in this one, or the other way, and who turned out to be whom."""
    for label, name in SINCE:
        for person in answer[name]:
            known_as = " ".join(answer[name][person]) if name == "moved_since" else ""
            yield {"change": label, "person_id": person, "known_as": known_as}


def _about(answer: Answer, no_room: int) -> Iterator[tuple[str, Any]]:
    rules = answer["rules"]
    yield "Ca bệnh (F0), bí danh / Case (F0), pseudonym", answer["person_id"]
    yield "Quy định áp dụng / Rules applied", f"{rules['source']} ({rules['rules_id']})"
    yield (
        "Tham số giả định, quy định không nêu / Assumed, not settled by the rules",
        "\n".join(f"{vi} / {en}" for vi, en in assumed_of(answer)) or "không có / none",
    )
    yield "Có thể lây từ / Infectious from (UTC+7)", answer["since"]
    yield "Có thể lây đến / Infectious until (UTC+7)", answer["until"]
    yield (
        "Người tiếp xúc có thể lây đến / Contacts infectious until (UTC+7)",
        answer["contacts_until"],
    )
    yield (
        "Lượt có mặt của ca bệnh được biết / Stays of the case that are known",
        " / ".join(dict.fromkeys(stays_told(answer))),
    )
    yield (
        "Theo dữ liệu nhận đến / As known at (UTC+7)",
        answer["known_at"] or "lúc lập bảng này / the time of writing",
    )
    yield "Thứ tự / Ranked by", answer["ranked_by"]
    for generation, people in enumerate(answer["generations"], start=1):
        yield f"Số người F{generation} / People in F{generation}", people
    yield from _left_out(answer, no_room)


def _left_out(answer: Answer, no_room: int) -> Iterator[tuple[str, Any]]:
    yield (
        "Tiếp xúc yếu hơn ở nơi quá đông, không đưa vào / Weaker contacts at crowded stays, left out of the trace",
        unlisted_of(answer),
    )
    yield (
        "Người chưa truy tiếp / People whose own contacts were not followed",
        not_followed_of(answer),
    )
    yield (
        "Tiếp xúc yếu hơn không có trong trang Contacts / Weaker contacts not in the sheet Contacts",
        sum(person["more_contacts"] for person in answer["people"]),
    )
    yield "Dòng không đủ chỗ trong các trang / Rows the sheets have no room for", no_room
    if answer["known_at"]:
        for label, since in SINCE:
            yield label, len(answer[since])
    for generation, people in answer["not_followed"].items():
        yield f"Chưa truy tiếp trong F{generation} / Not followed in F{generation}", people
    for stay in answer["unlisted"]:
        at = f"{stay['place']}, {local(stay['began_at']):%d/%m/%Y %H:%M}"
        yield f"Không đưa vào / Left out: {at} (UTC+7), {stay['source_id']}", stay["more"]
