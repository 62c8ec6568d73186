"""What happens: declarations, scans, late paper forms, test results and zone decisions, in the order in which they reach the doors."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Literal

from schemas.contract.ids import derive_id

VIETNAM = timezone(timedelta(hours=7))
FIRST_DAY = date(2021, 9, 15)
RED_COMMUNE, RED_POST = "21481", "binh-de"
RED_FROM = datetime(2021, 9, 15, 9, 30, tzinfo=VIETNAM)
LIST_UNTIL = datetime(2021, 9, 15, 5, 0, tzinfo=VIETNAM)
LIST_FROM = datetime(2021, 9, 15, 6, 0, tzinfo=VIETNAM)
"""The trust list fetched the day before holds until the one, the next from the other on."""
TESTED_COMMUNE, TESTED_POST = "21529", "vi-o-lac"
TESTED_FROM = datetime(2021, 9, 15, 7, 30, tzinfo=VIETNAM)
"""From then on the commune is orange, and the policy of the day asks for a test there."""
YELLOW_COMMUNE = "21436"
"""Yellow all day; the policy of the day lets pass who goes from yellow into red."""
Kind = Literal["zone", "removal", "order", "case", "test", "declaration", "cancellation", "scan"]


@dataclass(frozen=True, slots=True)
class Happening:
    """`at`: when it reaches the door. `body`: what is posted there."""

    at: datetime
    kind: Kind
    body: dict[str, Any]
    code_wanted: bool = False
    """A declaration whose code is shown later: posted by itself, for a table gives no codes."""


@dataclass(slots=True)
class Truth:
    """What the system has to find: (rule, subject) of every flag that must be open in the end, and no other."""

    planted: set[tuple[str, str]] = field(default_factory=set)
    near_misses: int = 0

    def plant(self, rule: str, subject: str) -> None:
        self.planted.add((rule, subject))


def instant(day: int, hour: float) -> datetime:
    """Hour of a day in Vietnam, by whole seconds."""
    midnight = datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time(), VIETNAM)
    return midnight + timedelta(seconds=int(hour * 3600))


def declaration_id(tag: str) -> str:
    return derive_id("simulated declaration", tag)


def entry_id_of_declaration(tag: str) -> str:
    """The id that the door gives the declaration's event."""
    return derive_id("declaration-submitted", declaration_id(tag))


def scan_id(tag: str) -> str:
    return derive_id("simulated scan", tag)


def test_id(tag: str) -> str:
    return derive_id("simulated test", tag)


def dose_id(tag: str) -> str:
    return derive_id("simulated dose", tag)


def order_id(tag: str) -> str:
    return derive_id("simulated order", tag)


def case_id(tag: str) -> str:
    return derive_id("simulated case", tag)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
