"""Tables as a workbook (XLSX), for offices that work with Excel.

Headings come in both languages, and times are Vietnam's.
"""

import asyncio
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.domain.local_time import VIETNAM

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575
"""Number of rows that Excel takes beneath the heading."""
ZONE = "\n(giờ Việt Nam / Vietnam time, UTC+7)"
Heads = Mapping[str, tuple[str, int]]
"""The heading and the width in characters of each field."""
Written = TypeVar("Written", bytes, bytes | str)
WRITER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")


class Kind(StrEnum):
    """The media types in which a list comes."""

    JSON = "application/json"
    XLSX = XLSX


WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}}}
"""Describes, for OpenAPI, a route that has both; it knows of JSON by itself."""


async def in_export_thread(write: Callable[[], Written]) -> Written:
    """Writes an export in a thread, for it may take seconds while the doors serve others.

    One is written at a time, so that ten at once take no more memory than one.
    """
    return await asyncio.get_running_loop().run_in_executor(WRITER, write)


class Book:
    """A workbook with its formats.

    Texts are always written as strings: Excel would compute one that begins with an equals sign.
    """

    def __init__(self, heads: Heads) -> None:
        self._heads = heads
        self._file = io.BytesIO()
        self._workbook = xlsxwriter.Workbook(self._file, {"in_memory": True})
        new_format = self._workbook.add_format
        self._head: Format = new_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3E9EF", "bottom": 1}
        )
        self._instant: Format = new_format({"num_format": "dd/mm/yyyy hh:mm:ss", "align": "left"})
        self._day: Format = new_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self._label: Format = new_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrapped: Format = new_format({"text_wrap": True, "valign": "top", "align": "left"})

    def add_table(
        self, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
    ) -> int:
        """Adds a sheet with a table, and returns how many rows found no room."""
        sheet = self._workbook.add_worksheet(name)
        sheet.set_row(0, 48)
        for column, field in enumerate(columns):
            head, width = self._heads[field]
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self._head)
        row = 0
        for row, values in enumerate(rows, start=1):
            if row <= MAX_ROWS:
                for column, field in enumerate(columns):
                    self._write(sheet, row, column, values[field])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, min(row, MAX_ROWS), len(columns) - 1)
        return max(0, row - MAX_ROWS)

    def add_facts(self, name: str, facts: Iterable[tuple[str, Any]]) -> None:
        sheet = self._workbook.add_worksheet(name)
        sheet.set_column(0, 0, 70)
        sheet.set_column(1, 1, 70)
        for row, (label, value) in enumerate(facts):
            sheet.write_string(row, 0, label, self._label)
            self._write(sheet, row, 1, value, self._wrapped)

    def content(self) -> bytes:
        """Returns the whole file; nothing can be added after."""
        self._workbook.close()
        return self._file.getvalue()

    def _write(
        self, sheet: Worksheet, row: int, column: int, value: object, wrapped: Format | None = None
    ) -> None:
        match value:
            case datetime():
                local = value.astimezone(VIETNAM).replace(tzinfo=None)
                sheet.write_datetime(row, column, local, self._instant)
            case date():
                sheet.write_datetime(row, column, value, self._day)
            case int() | float():
                sheet.write_number(row, column, value, wrapped)
            case _:
                sheet.write_string(row, column, str(value), wrapped)
