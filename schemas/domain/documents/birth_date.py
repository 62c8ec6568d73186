"""Birth dates at the precision people know them: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`."""

import re
import unicodedata
from datetime import date

from schemas.contract.errors import UnreadableDocument

EARLIEST_YEAR = 1890
ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})[/.\-\s])?(\d{1,2})[/.\-\s])?(\d{4})", re.ASCII)
RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)


def parse_birth_date(text: str, today: date | None = None) -> str:
    """Takes ISO forms, `dd/MM/yyyy` with any separator, `MM/yyyy`, `ddMMyyyy` and a year alone. A day or month of 00, as registers
    write an unknown one, is left out. Raises `UnreadableDocument`."""
    said = unicodedata.normalize("NFKC", text).strip()
    if iso := ISO.fullmatch(said):
        return _checked(iso[1], iso[2], iso[3], today)
    if shape := RUN_TOGETHER.fullmatch(said) or DAY_FIRST.fullmatch(said):
        return _checked(shape[3], shape[2], shape[1], today)
    raise UnreadableDocument("not a date: give dd/MM/yyyy, yyyy-MM-dd or the year alone")


def _checked(year: str, month: str | None, day: str | None, today: date | None) -> str:
    month, day = (part if part and int(part) else None for part in (month, day))
    if day and not month:
        raise UnreadableDocument("a day without a month is no date")
    try:
        born = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise UnreadableDocument("there is no such day in the calendar") from None
    if born.year < EARLIEST_YEAR:
        raise UnreadableDocument(f"nobody alive was born before {EARLIEST_YEAR}")
    if born > (today or date.today()):
        raise UnreadableDocument("the date is in the future")
    return "-".join(
        part for part in (year, month and f"{int(month):02d}", day and f"{int(day):02d}") if part
    )
