"""A forward trace as a workbook (XLSX): people, contacts, milestones, communes, and its making."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import structs

from api.http.workbook import ZONE, Book, Heads
from api.tracing.export_values import (
    assumed_labels,
    contact_row,
    crowded_out,
    local,
    not_followed,
    person_row,
    source_label,
    stays_label,
)
from api.tracing.forward_trace import ForwardTrace, TracePerson, TraceStay
from api.tracing.table import COLUMNS

LEARNT_SINCE = (
    "Người chỉ biết được từ dữ liệu nhận sau đó / People known only from what was received later"
)
WITHDRAWN_SINCE = "Người mà dữ liệu nay không còn dẫn đến / People to whom nothing leads any more"
REASSIGNED_SINCE = "Người mà sau đó xác định là người khác / People who turned out to be others"
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


def as_xlsx(trace: ForwardTrace) -> bytes:
    """Returns the workbook. It blocks for seconds where a trace is large."""
    book = Book(HEADS)
    no_room = book.add_table("People", COLUMNS, map(person_row, trace.people))
    no_room += book.add_table("Contacts", CONTACT_COLUMNS, _contacts(trace.people))
    book.add_table("Milestones", MILESTONE_COLUMNS, map(_milestone, trace.milestones))
    book.add_table("Communes", COMMUNE_COLUMNS, map(structs.asdict, trace.communes))
    if trace.known_at is not None:
        book.add_table("Since", SINCE_COLUMNS, _changes(trace))
    book.add_facts("About", _about(trace, no_room))
    return book.content()


def _contacts(people: Iterable[TracePerson]) -> Iterator[dict[str, Any]]:
    for person in people:
        for contact in person.contacts:
            yield {**contact_row(contact), "generation": person.generation}


def _milestone(stay: TraceStay) -> dict[str, Any]:
    return {
        "began_at": stay.began_at,
        "ended_at": stay.ended_at,
        "place": stay.place,
        "said_by": " / ".join(source_label(stay.known_by)),
        "exact_to": stay.granularity,
    }


def _changes(trace: ForwardTrace) -> Iterator[dict[str, str]]:
    """Yields who is only in today's answer, who only in this one, and who turned out to be whom."""
    for person in trace.learnt_since:
        yield {"change": LEARNT_SINCE, "person_id": person, "known_as": ""}
    for person in trace.withdrawn_since:
        yield {"change": WITHDRAWN_SINCE, "person_id": person, "known_as": ""}
    for person, identities in trace.reassigned_since.items():
        known_as = " ".join(identities)
        yield {"change": REASSIGNED_SINCE, "person_id": person, "known_as": known_as}


def _about(trace: ForwardTrace, no_room: int) -> Iterator[tuple[str, Any]]:
    assumed = "\n".join(f"{vi} / {en}" for vi, en in assumed_labels(trace))
    stays = " / ".join(dict.fromkeys(stays_label(trace)))
    yield "Ca bệnh (F0), bí danh / Case (F0), pseudonym", trace.person_id
    yield "Quy định áp dụng / Rules applied", f"{trace.rules.source} ({trace.rules.rules_id})"
    yield (
        "Tham số giả định, quy định không nêu / Assumed, not settled by the rules",
        assumed or "không có / none",
    )
    yield "Có thể lây từ / Infectious from (UTC+7)", trace.since
    yield "Có thể lây đến / Infectious until (UTC+7)", trace.until
    yield "Người tiếp xúc có thể lây đến / Contacts infectious until (UTC+7)", trace.contacts_until
    yield "Lượt có mặt của ca bệnh được biết / Stays of the case that are known", stays
    yield (
        "Theo dữ liệu nhận đến / As known at (UTC+7)",
        trace.known_at or "lúc lập bảng này / the time of writing",
    )
    yield "Thứ tự / Ranked by", trace.ranked_by
    for generation, people in enumerate(trace.generations, start=1):
        yield f"Số người F{generation} / People in F{generation}", people
    yield from _left_out(trace, no_room)


def _left_out(trace: ForwardTrace, no_room: int) -> Iterator[tuple[str, Any]]:
    yield (
        "Tiếp xúc yếu hơn ở nơi quá đông, không đưa vào / "
        "Weaker contacts at crowded stays, left out of the trace",
        crowded_out(trace),
    )
    yield (
        "Người chưa truy tiếp / People whose own contacts were not followed",
        not_followed(trace),
    )
    yield (
        "Tiếp xúc yếu hơn không có trong trang Contacts / "
        "Weaker contacts not in the sheet Contacts",
        sum(person.more_contacts for person in trace.people),
    )
    yield "Dòng không đủ chỗ trong các trang / Rows the sheets have no room for", no_room
    if trace.known_at is not None:
        yield LEARNT_SINCE, len(trace.learnt_since)
        yield WITHDRAWN_SINCE, len(trace.withdrawn_since)
        yield REASSIGNED_SINCE, len(trace.reassigned_since)
    for generation, people in trace.not_followed.items():
        yield f"Chưa truy tiếp trong F{generation} / Not followed in F{generation}", people
    for crowd in trace.crowds:
        stay = f"{crowd.place}, {local(crowd.began_at):%d/%m/%Y %H:%M}"
        yield f"Không đưa vào / Left out: {stay} (UTC+7), {crowd.source_id}", crowd.more
