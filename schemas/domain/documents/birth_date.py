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
    """Returns the date as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. Raises `UnreadableDocument`.

    The text is in an ISO form, `dd/MM/yyyy` with any separator, `MM/yyyy`, `ddMMyyyy` or a year
    alone. A day or month of 00, as registers write an unknown one, is left out.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    iso = ISO.fullmatch(written)
    if iso:
        return _checked(iso[1], iso[2], iso[3], today)
    day_first = RUN_TOGETHER.fullmatch(written) or DAY_FIRST.fullmatch(written)
    if day_first:
        return _checked(day_first[3], day_first[2], day_first[1], today)
    raise UnreadableDocument("not a date: give dd/MM/yyyy, yyyy-MM-dd or the year alone")


def _checked(year: str, month: str | None, day: str | None, today: date | None) -> str:
    month = _unless_zero(month)
    day = _unless_zero(day)
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
    if month is None:
        return year
    if day is None:
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _unless_zero(part: str | None) -> str | None:
    return part if part and int(part) else None
