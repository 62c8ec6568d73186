"""Rows of an uploaded table, as offices export them: NDJSON, or CSV with any of the usual separators, encodings and headings."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson

from api.problems import Problem

NDJSON = ("application/x-ndjson", "application/jsonl", "application/ndjson")
CSV = ("text/csv", "text/tab-separated-values", "application/csv")
SEPARATORS = "\t;,|"
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

HEADINGS = {
    "ho va ten": "full_name",
    "ho ten": "full_name",
    "ngay sinh": "birth_date",
    "nam sinh": "birth_date",
    "gioi tinh": "sex",
    "so cccd": "document_number",
    "so cmnd": "document_number",
    "so cmnd cccd": "document_number",
    "so giay to": "document_number",
    "loai giay to": "document_kind",
    "so dinh danh": "person_number",
    "so dinh danh ca nhan": "person_number",
    "cmnd cu": "cmnd",
    "the bhyt": "bhyt",
    "so dien thoai": "phone",
    "dien thoai": "phone",
    "ma xa thuong tru": "permanent_code",
    "thuong tru": "permanent_detail",
    "dia chi thuong tru": "permanent_detail",
    "ma xa tam tru": "temporary_code",
    "so ho khau": "household_number",
    "ma xa di": "origin_code",
    "ma xa den": "destination_code",
    "gio di": "departure_at",
    "gio den": "arrival_at",
    "phuong tien": "transport_mode",
    "bien so": "vehicle_plate",
    "bien so xe": "vehicle_plate",
    "ma diem khai bao": "site_id",
    "ngay khai": "declared_at",
    "gio khai": "declared_at",
    "so phieu": "paper_serial",
    "mui thu": "dose_number",
    "mui tiem": "dose_number",
    "loai vac xin": "product",
    "vac xin": "product",
    "so lo": "lot",
    "co so tiem": "facility",
    "ngay tiem": "administered_on",
    "ma chot": "checkpoint_id",
    "ngay theo doi": "day",
    "nhiet do": "temperature_c",
    "trieu chung": "symptoms",
    "gio quet": "scanned_at",
    "chieu": "direction",
}
"""Vietnamese headings, plain, to our fields. Our own names are taken too, in any case."""


@dataclass(frozen=True, slots=True)
class Row:
    """`line`: where it begins in the upload, counted from 1. `fault`: why it could not be read as a row."""

    line: int
    values: dict[str, Any] | None
    fault: str | None = None


def rows_of(content_type: str, body: bytes) -> Iterator[Row]:
    """Raises `Problem` for a type we do not read, or a table without headings."""
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind in NDJSON:
        return _ndjson(body)
    if kind in CSV:
        return _csv(_decoded(body))
    raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", f"send {NDJSON[0]} or {CSV[0]}")


def _ndjson(body: bytes) -> Iterator[Row]:
    for line, text in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not text.strip():
            continue
        try:
            values = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            yield Row(line, None, f"not JSON: {error.msg}")
            continue
        yield Row(line, values) if isinstance(values, dict) else Row(line, None, "not a JSON object")


def _csv(text: str) -> Iterator[Row]:
    head = text[: text.find("\n")] if "\n" in text else text
    separator = max(SEPARATORS, key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    headings = [heading_of(cell) for cell in next(lines, [])]
    if not any(headings):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no-headings", "the table's first line has no headings; nothing was written")
    return _csv_rows(lines, headings)


def _csv_rows(lines: Any, headings: list[str]) -> Iterator[Row]:
    line = lines.line_num + 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield _csv_row(line, headings, cells)
            line = lines.line_num + 1
    except csv.Error as error:
        yield Row(line, None, f"not CSV from here on: {error}")


def _csv_row(line: int, headings: list[str], cells: list[str]) -> Row:
    if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
        return Row(line, None, f"{len(cells)} cells under {len(headings)} headings")
    values = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False) if heading and cell.strip()}
    return Row(line, values)


def heading_of(cell: str) -> str:
    """Our field for a heading in English or Vietnamese, with or without diacritics; an unknown one stays, so that it is refused by name."""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", cell.strip().casefold()) if not unicodedata.combining(mark))
    words = " ".join(
        bare.replace("đ", "d").replace("/", " ").replace("-", " ").replace("_", " ").replace("(", " ").replace(")", " ").split()
    )
    return HEADINGS.get(words, words.replace(" ", "_"))


def _decoded(body: bytes) -> str:
    encoding = next((encoding for mark, encoding in BYTE_ORDER_MARKS.items() if body.startswith(mark)), "utf-8")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        detail = "the table is not in UTF-8 or UTF-16; save it as 'CSV UTF-8'; nothing was written"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable-text", detail) from None
