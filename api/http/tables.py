"""Rows of an uploaded table, as offices export them.

A table is NDJSON, or CSV with any of the usual separators, encodings and headings.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any, TextIO

import orjson

from api.http.fields import bare
from api.http.problems import Problem

NDJSON = ("application/x-ndjson", "application/jsonl", "application/ndjson")
CSV = ("text/csv", "text/tab-separated-values", "application/csv")
SEPARATORS = "\t;,|"
MAX_ROW_CHARACTERS = 64_000
"""Limit of a row, in characters or bytes: our own fields at their longest fill a fraction of it."""
TOO_LONG = f"longer than {MAX_ROW_CHARACTERS} characters, so no row of ours"
PIECE_BYTES = 1 << 20
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
    "loai xet nghiem": "kind",
    "ket qua": "result",
    "gio lay mau": "sampled_at",
    "ngay lay mau": "sampled_at",
    "gio tra ket qua": "resulted_at",
    "ngay tra ket qua": "resulted_at",
    "noi xet nghiem": "laboratory",
    "ly do xoa": "reason",
    "ngay xoa": "removed_at",
    "ma chot": "checkpoint_id",
    "ngay theo doi": "day",
    "nhiet do": "temperature_c",
    "trieu chung": "symptoms",
    "gio quet": "scanned_at",
    "chieu": "direction",
}
"""Our fields by Vietnamese headings, in plain letters. Our own names are taken too, in upper or
lower case."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read, or why it could not be."""

    line: int
    """The line of the upload on which it begins, counted from 1."""
    values: dict[str, Any] | None
    fault: str | None = None
    """Why it could not be read as a row."""
    size: int = 0
    """The length of its text."""


def rows_of(content_type: str, table: IO[bytes]) -> Iterator[Row]:
    """Reads one row after another, never the whole table.

    Raises `Problem` for a type we do not read, and for a table without headings.
    """
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind in NDJSON:
        return _ndjson(table)
    if kind in CSV:
        return _csv(_text(table))
    raise Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", f"send {NDJSON[0]} or {CSV[0]}"
    )


def _ndjson(table: IO[bytes]) -> Iterator[Row]:
    for line, text in enumerate(_lines(table), start=1):
        if text is None:
            yield Row(line, None, TOO_LONG, size=MAX_ROW_CHARACTERS)
        elif text.strip():
            yield _ndjson_row(line, text)


def _lines(table: IO[bytes]) -> Iterator[bytes | None]:
    """Gives each line, and None for a line that is too long to be a row."""
    has_mark = table.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
    table.seek(len(codecs.BOM_UTF8) if has_mark else 0)
    while line := table.readline(MAX_ROW_CHARACTERS):
        if line.endswith(b"\n") or len(line) < MAX_ROW_CHARACTERS:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = table.readline(MAX_ROW_CHARACTERS)
        yield None


def _ndjson_row(line: int, text: bytes) -> Row:
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return Row(line, None, f"not JSON: {error.msg}", size=len(text))
    if not isinstance(values, dict):
        return Row(line, None, "not a JSON object", size=len(text))
    return Row(line, values, size=len(text))


def _csv(text: TextIO) -> Iterator[Row]:
    head = text.readline(MAX_ROW_CHARACTERS)
    text.seek(0)
    lines = _CsvLines(text)
    cells = csv.reader(lines, delimiter=max(SEPARATORS, key=head.count))
    try:
        headings = [heading_of(cell) for cell in next(cells, [])]
    except csv.Error as error:
        raise _unreadable(
            "no-headings", f"the table's first line cannot be read ({error})"
        ) from None
    if not any(headings):
        raise _unreadable("no-headings", "the table's first line has no headings")
    return _csv_rows(cells, lines, headings)


class _CsvLines:
    """The lines of a table for the CSV reader, which reads on while a quoted cell is open.

    `end_row` is called when the reader has read a row.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._row_characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW_CHARACTERS + 1 - self._row_characters)
        if not line:
            raise StopIteration
        self._row_characters += len(line)
        if self._row_characters > MAX_ROW_CHARACTERS:
            raise csv.Error(TOO_LONG)
        return line

    def end_row(self) -> int:
        """Returns the length of the row's text, and begins the next row."""
        size = self._row_characters
        self._row_characters = 0
        return size


def _csv_rows(rows: Any, lines: _CsvLines, headings: list[str]) -> Iterator[Row]:
    lines.end_row()
    line = rows.line_num + 1
    try:
        for cells in rows:
            size = lines.end_row()
            if any(cell.strip() for cell in cells):
                yield _csv_row(line, headings, cells, size)
            line = rows.line_num + 1
    except csv.Error as error:
        yield Row(line, None, f"not CSV from here on: {error}")


def _csv_row(line: int, headings: list[str], cells: list[str], size: int) -> Row:
    if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
        return Row(line, None, f"{len(cells)} cells under {len(headings)} headings", size)
    values: dict[str, str] = {}
    for heading, cell in zip(headings, map(str.strip, cells), strict=False):
        if heading and cell and values.setdefault(heading, cell) != cell:
            fault = f"two columns say {heading}, each something else: leave one of them empty"
            return Row(line, None, fault, size)
    return Row(line, values, size=size)


def heading_of(cell: str) -> str:
    """Returns our field for a heading in English or Vietnamese, with or without diacritics.

    An unknown heading stays as it is, so that it is refused by name.
    """
    words = " ".join(re.sub("[-/_()]", " ", bare(cell)).split())
    return HEADINGS.get(words, words.replace(" ", "_"))


def _text(table: IO[bytes]) -> TextIO:
    """Returns the table as text, after it was read through once.

    A table in another encoding is refused before any of it is taken.
    """
    encoding = _encoding(table.read(3))
    table.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := table.read(PIECE_BYTES):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _unreadable(
            "unreadable-text", "the table is not in UTF-8 or UTF-16; save it as 'CSV UTF-8'"
        ) from None
    table.seek(0)
    return io.TextIOWrapper(table, encoding, newline="")


def _encoding(begin: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if begin.startswith(mark):
            return encoding
    return "utf-8"


def _unreadable(kind: str, why: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, kind, f"{why}; nothing was written")
