"""The list of a commune as a workbook (XLSX).

It has the people, what changed since the last revision, and the state of the list.
"""

from collections.abc import Iterator
from typing import Any

from api.handovers.lists import HandoverDetail
from api.http.workbook import Book, Heads
from api.tracing.export_values import place_label
from api.tracing.sheet import HEADS as TRACE_HEADS

COLUMNS = (
    "generation",
    "person_id",
    "known_as",
    "follow_until",
    "last_exposed_at",
    "exposed_at",
    "place",
    "source_id",
    "own_case_ids",
)
CHANGE_COLUMNS = ("change", "person_id", "known_as", "unit_code")
HEADS: Heads = {
    **TRACE_HEADS,
    "follow_until": ("Theo dõi đến hết ngày / Watched until the end of", 16),
    "change": ("Thay đổi / Change", 60),
    "unit_code": ("Xã, phường theo dõi / Commune that follows them", 18),
}
JOINED = "Mới có trong danh sách / New on the list"
LEFT = "Không còn trong danh sách nào: cần báo cho họ / On no list any more: tell them"
PASSED_ON = "Nay do xã, phường khác theo dõi / Followed by another commune now"
RESIDENCE_UNKNOWN = "không rõ nơi cư trú / residence unknown"
STATES = {
    "waiting": "chờ xác nhận / waiting for a receipt",
    "overdue": "quá hạn xác nhận / overdue",
    "acknowledged": "đã xác nhận / acknowledged",
}


def as_xlsx(detail: HandoverDetail) -> bytes:
    """Returns the workbook. It blocks for seconds where the list is long."""
    book = Book(HEADS)
    book.add_table("People", COLUMNS, _lines(detail))
    book.add_table("Changes", CHANGE_COLUMNS, _changes(detail))
    book.add_facts("About", _about(detail))
    return book.content()


def _lines(detail: HandoverDetail) -> Iterator[dict[str, Any]]:
    for line in detail.lines:
        yield {
            **line.model_dump(),
            "place": place_label(line.place),
            "own_case_ids": " ".join(line.own_case_ids),
            "known_as": detail.known_as.get(line.person_id, ""),
        }


def _changes(detail: HandoverDetail) -> Iterator[dict[str, str]]:
    changes = ((JOINED, detail.joined), (LEFT, detail.left), (PASSED_ON, detail.passed_on))
    for change, people in changes:
        for person in people:
            yield {
                "change": change,
                "person_id": person,
                "known_as": detail.known_as.get(person, ""),
                "unit_code": detail.passed_on.get(person, ""),
            }


def _about(detail: HandoverDetail) -> Iterator[tuple[str, Any]]:
    commune = f"{detail.unit_name} ({detail.unit_code})" if detail.unit_code else RESIDENCE_UNKNOWN
    yield "Xã, phường / Commune", commune
    yield "Ca bệnh, mã / Case, id", detail.case_id
    yield "Bản số / Revision", detail.revision
    yield "Tình trạng / State", STATES[detail.state]
    yield "Ban hành lúc / Issued at (UTC+7)", detail.issued_at
    yield "Hạn xác nhận / Receipt until (UTC+7)", detail.deadline_at
    yield "Quy định áp dụng / Rules applied", detail.rules_id
    yield "Số người / People", detail.people
    yield (
        "Tiếp xúc yếu hơn ở nơi quá đông, không đưa vào / Weaker contacts in crowds, left out",
        detail.unlisted,
    )
    if detail.outdated:
        yield (
            "Ca bệnh đã có báo cáo mới / The case was reported on since",
            "cần bàn giao lại / hand it over again",
        )
    if not detail.complete:
        yield (
            "Chưa đủ dòng / Not all lines have arrived",
            "tải lại sau giây lát / ask again in a moment",
        )
