"""People revealed as a workbook (XLSX): what a commune's team takes along from door to door."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.http.workbook import Book, Heads
from schemas.domain.places import unit_name

COLUMNS = (
    "full_name",
    "birth_date",
    "sex",
    "phone",
    "commune",
    "residence_detail",
    "documents",
    "registered",
    "listed_as",
    "person_id",
)
HEADS: Heads = {
    "full_name": ("Họ và tên / Name", 30),
    "birth_date": ("Ngày sinh / Birth date", 14),
    "sex": ("Giới tính / Sex", 12),
    "phone": ("Điện thoại / Phone", 16),
    "commune": ("Xã, phường cư trú / Commune of residence", 34),
    "residence_detail": ("Địa chỉ / Address", 40),
    "documents": ("Giấy tờ / Documents", 34),
    "registered": ("Nguồn / Known from", 24),
    "listed_as": ("Bí danh trong danh sách / Pseudonym on the list", 36),
    "person_id": ("Bí danh / Pseudonym", 36),
}
SEXES = {"male": "nam / male", "female": "nữ / female"}


def as_xlsx(
    identities: Sequence[Mapping[str, Any]], unknown: Sequence[str], facts: Mapping[str, Any]
) -> bytes:
    """`identities`: fields of `IdentityOut`; `facts`: how the look is kept. Blocks for seconds where there are many."""
    book = Book(HEADS)
    book.add_table("People", COLUMNS, map(_row, identities))
    book.add_table("Unknown", ("listed_as",), ({"listed_as": one} for one in unknown))
    book.add_facts("About", _about(facts))
    return book.content()


def _row(identity: Mapping[str, Any]) -> dict[str, Any]:
    code = identity["residence_code"]
    name = unit_name(code)
    return {
        **identity,
        "sex": SEXES.get(identity["sex"], ""),
        "commune": f"{name} ({code})" if name else code,
        "documents": ", ".join(identity["documents"]),
        "registered": "sổ dân cư / the register"
        if identity["registered"]
        else "lời khai / as declared",
    }


def _about(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "Mục đích tra cứu / Purpose of the look", facts["purpose"]
    yield "Tài khoản / Account", facts["account"]
    yield "Lúc tra cứu / Looked up at (UTC+7)", facts["revealed_at"]
    yield "Lần tra cứu này được lưu với mã / This look is kept as", facts["request_id"]
    yield (
        "Dữ liệu cá nhân / Personal data",
        "chỉ dùng cho mục đích trên, xóa khi xong / for that purpose only; delete it when done",
    )
