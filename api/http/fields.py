"""The types of input fields: each accepts what people write, and refuses with a sentence."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from unicodedata import combining, normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from schemas.contract.errors import SchemaError, UnreadableDocument
from schemas.domain.documents import Document, DocumentKind, parse_birth_date, parse_document
from schemas.domain.local_time import VIETNAM
from schemas.domain.places import is_valid_place, suggest
from schemas.domain.plates import normalise_plate

DAY_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}")
ZONE_OF_HOURS = re.compile(r".*\d{2}:\d{2}\S*[+-]\d{2}")
"""ISO 8601 also has a zone of hours alone: `2021-09-14T08:00+07`."""
CLOCK_SKEW = timedelta(minutes=5)
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
LATEST = datetime(2148, 12, 31, tzinfo=UTC)
"""Every table can hold times between these (a Date from 1970 to 2149). There is room at both ends
for a zone and for the days before an onset."""
NO_SUCH_YEAR = (
    "it lies too far in the past or the future: "
    f"the year must be from {EARLIEST.year} to {LATEST.year}"
)


class Input(BaseModel):
    """A body that refuses unknown fields: a misspelt name must not lose what it carries."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True
    )


class Output(BaseModel):
    """A body that the doors answer; the string beneath a field describes it."""

    model_config = ConfigDict(use_attribute_docstrings=True)


def _instant(value: Any) -> Any:
    """Reads ISO 8601, or dd/MM/yyyy with an optional HH:mm[:ss] as offices write it."""
    if not isinstance(value, str):
        return value
    if ZONE_OF_HOURS.fullmatch(value.strip()):
        value = f"{value.strip()}:00"
    if "/" not in value:
        return value
    day, _, hour = value.strip().partition(" ")
    parts = day.split("/")
    if len(parts) != 3:
        return value
    return f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}T{hour.strip() or '00:00'}"


def _day(value: Any) -> Any:
    """Reads ISO 8601, or dd/MM/yyyy as offices write it."""
    if not isinstance(value, str):
        return value
    parts = value.strip().split("/")
    if len(parts) != 3:
        return value
    return f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}"


def _to_its_end(value: Any) -> Any:
    """Reads a day alone as its end: as the end of something it takes in the whole day."""
    day = _day(value)
    if isinstance(day, str) and DAY_ALONE.fullmatch(day.strip()):
        return f"{day.strip()}T23:59:59.999"
    return value


def _aware(value: datetime) -> datetime:
    """Takes a time without a zone as Vietnam's."""
    aware = value if value.tzinfo else value.replace(tzinfo=VIETNAM)
    if not EARLIEST <= aware <= LATEST:
        raise ValueError(NO_SUCH_YEAR)
    return aware.astimezone(UTC)


def _within(value: date) -> date:
    if not EARLIEST.date() <= value <= LATEST.date():
        raise ValueError(NO_SUCH_YEAR)
    return value


def _not_ahead(value: datetime) -> datetime:
    if value > datetime.now(UTC) + CLOCK_SKEW:
        raise ValueError("it lies in the future; check the device's clock")
    return value


def _not_after_today(value: datetime) -> datetime:
    """Accepts a time in the past, or the end of today."""
    end_of_today = datetime.now(VIETNAM).replace(hour=23, minute=59, second=59, microsecond=999_000)
    return value if value == end_of_today else _not_ahead(value)


def _place(value: str) -> str:
    if is_valid_place(value):
        return value
    suggestions = suggest(value)
    hint = f"; did you mean {' | '.join(suggestions)}?" if suggestions else ""
    raise ValueError(f"no commune of 2021 has this code{hint}")


def _birth_date(value: str) -> str:
    return _read(parse_birth_date, value)


def _plate(value: str) -> str:
    return _read(normalise_plate, value)


def _read(reader: Any, value: str) -> str:
    try:
        return str(reader(value))
    except SchemaError as unreadable:
        raise ValueError(str(unreadable)) from None


def _empty_is_none(value: Any) -> Any:
    """Reads an empty cell of a table as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def _list(value: Any) -> Any:
    """Reads a cell that holds several, parted by commas, semicolons or bars: `QL1; QL24`."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in re.split("[,;|]", value)]
    return [part for part in parts if part]


def bare(text: str) -> str:
    """Returns the text in small letters without diacritics, as people type headings of forms."""
    decomposed = normalize("NFD", text.strip().casefold())
    letters = "".join(mark for mark in decomposed if not combining(mark))
    return letters.replace("đ", "d")


NO_SYMPTOMS = frozenset(
    ("khong", "khong co", "khong co trieu chung", "binh thuong", "no", "none", "0", "-")
)
"""Forms say so where there are no symptoms."""


def _without_none(words: list[str]) -> list[str]:
    return [word for word in words if bare(word) not in NO_SYMPTOMS]


def one_of(words: Mapping[str, str]) -> Callable[[Any], Any]:
    """Returns a reader of a closed vocabulary that knows the words of an office too."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        word = " ".join(value.casefold().split())
        return words.get(normalize("NFC", word), value)

    return read


SEXES = {
    "nam": "male",
    "nữ": "female",
    "nu": "female",
    "m": "male",
    "f": "female",
    "1": "male",
    "2": "female",
    "": "unknown",
}


def _sex(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return SEXES.get(value.strip().casefold(), value)


Instant = Annotated[datetime, BeforeValidator(_instant), AfterValidator(_aware)]
Until = Annotated[
    datetime, BeforeValidator(_instant), BeforeValidator(_to_its_end), AfterValidator(_aware)
]
"""The end of something; a day alone counts to its end."""
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_within)]
PastInstant = Annotated[Instant, AfterValidator(_not_ahead)]
PastUntil = Annotated[Until, AfterValidator(_not_after_today)]
PlaceCode = Annotated[str, AfterValidator(_place)]
BirthDate = Annotated[str, AfterValidator(_birth_date)]
Plate = Annotated[str, AfterValidator(_plate)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=100)]
TimeOfDay = Annotated[str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
SiteId = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9.-]{0,60}$")]
Detail = Annotated[str, StringConstraints(max_length=500)]
Listed = BeforeValidator(_list)
Words = Annotated[list[Short], Listed]
Symptoms = Annotated[Words, AfterValidator(_without_none)]
EmptyIsNone = BeforeValidator(_empty_is_none)
SexIn = BeforeValidator(_sex)


class WithDocument(Input):
    """Input about whoever holds an identity document. The kind is found out from the number where
    it is not given."""

    document_kind: Annotated[DocumentKind | None, EmptyIsNone] = None
    document_number: str

    @field_validator("document_number")
    @classmethod
    def read_number(cls, value: str, info: ValidationInfo) -> str:
        return read_document(info.data.get("document_kind"), value).number

    @property
    def document(self) -> Document:
        return parse_document(self.document_kind, self.document_number)


def read_document(kind: DocumentKind | None, text: str) -> Document:
    """Reads a number for a validator. Raises `ValueError` with the sentence of the refusal."""
    try:
        return parse_document(kind, text)
    except UnreadableDocument as unreadable:
        raise ValueError(str(unreadable)) from None


def pairs_of_cell(value: Any) -> Any:
    """Reads a cell that holds a mapping: `red_zone_crossing=turn_back; unknown_document=refer`."""
    if not isinstance(value, str):
        return value
    pairs: dict[str, str] = {}
    for cell in value.replace(";", ",").split(","):
        if cell.strip():
            name, _, content = cell.partition("=")
            pairs[name.strip()] = content.strip()
    return pairs
