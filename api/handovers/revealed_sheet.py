"""People revealed as a workbook (XLSX): what a commune's team takes along from door to door."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.handovers.identities import IdentityOut
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
FROM_REGISTER = "sổ dân cư / the register"
AS_DECLARED = "lời khai / as declared"


@dataclass(frozen=True, slots=True)
class Look:
    """How a look at identities is kept."""

    purpose: str
    account: str
    revealed_at: datetime
    request_id: str


def as_xlsx(identities: Sequence[IdentityOut], unknown: Sequence[str], look: Look) -> bytes:
    """Returns the workbook; `unknown` are people whom nobody has named.

    The call blocks for seconds where there are many people.
    """
    book = Book(HEADS)
    book.add_table("People", COLUMNS, map(_row, identities))
    book.add_table("Unknown", ("listed_as",), ({"listed_as": person} for person in unknown))
    book.add_facts("About", _about(look))
    return book.content()


def _row(identity: IdentityOut) -> dict[str, Any]:
    code = identity.residence_code
    name = unit_name(code)
    return {
        **identity.model_dump(),
        "sex": SEXES.get(identity.sex, ""),
        "commune": f"{name} ({code})" if name else code,
        "documents": ", ".join(identity.documents),
        "registered": FROM_REGISTER if identity.registered else AS_DECLARED,
    }


def _about(look: Look) -> Iterator[tuple[str, Any]]:
    yield "Mục đích tra cứu / Purpose of the look", look.purpose
    yield "Tài khoản / Account", look.account
    yield "Lúc tra cứu / Looked up at (UTC+7)", look.revealed_at
    yield "Lần tra cứu này được lưu với mã / This look is kept as", look.request_id
    yield (
        "Dữ liệu cá nhân / Personal data",
        "chỉ dùng cho mục đích trên, xóa khi xong / for that purpose only; delete it when done",
    )
