"""The happenings of the simulated days, as they reach the doors, and the truth about them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from schemas.contract.ids import derive_id
from schemas.contract.terms import ZoneLevel
from schemas.domain.local_time import VIETNAM

FIRST_DAY = date(2021, 9, 15)
LIST_UNTIL = datetime(2021, 9, 15, 5, 0, tzinfo=VIETNAM)
LIST_FROM = datetime(2021, 9, 15, 6, 0, tzinfo=VIETNAM)
"""The trust list of the day before holds until `LIST_UNTIL`, the next one from `LIST_FROM` on."""
Kind = Literal["zone", "removal", "order", "case", "test", "declaration", "cancellation", "scan"]


class ZoneDecision(NamedTuple):
    """A commune whose level is not green from a time on."""

    unit_code: str
    level: ZoneLevel
    since: datetime


RED_COMMUNE, RED_CHECKPOINT = "21481", "binh-de"
RED_FROM = datetime(2021, 9, 15, 9, 30, tzinfo=VIETNAM)
TESTED_COMMUNE, TESTED_CHECKPOINT = "21529", "vi-o-lac"
TESTED_FROM = datetime(2021, 9, 15, 7, 30, tzinfo=VIETNAM)
"""The commune is orange from then on, and the policy of the day requires a test there."""
YELLOW_COMMUNE = "21436"
YELLOW_FROM = datetime(2021, 9, 15, 0, 0, tzinfo=VIETNAM)
"""The policy of the day lets people pass who go from yellow into red."""
ZONES = (
    ZoneDecision(YELLOW_COMMUNE, "yellow", YELLOW_FROM),
    ZoneDecision(RED_COMMUNE, "red", RED_FROM),
    ZoneDecision(TESTED_COMMUNE, "orange", TESTED_FROM),
)
"""Every zone decision of the days; the ordinary traveller lives in none of these communes."""


@dataclass(frozen=True, slots=True)
class Happening:
    """`at` is when it reaches the door, `body` what is posted there."""

    at: datetime
    kind: Kind
    body: dict[str, Any]
    code_wanted: bool = False
    """A declaration whose code is shown later is posted by itself: a table gives no codes."""


@dataclass(slots=True)
class Truth:
    """The flags that must be open in the end, as (rule, subject), and no others."""

    planted: set[tuple[str, str]] = field(default_factory=set)
    near_misses: int = 0


def instant(day: int, hour: float) -> datetime:
    """Returns an hour of a day in Vietnam, by whole seconds."""
    midnight = datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time(), VIETNAM)
    return midnight + timedelta(seconds=int(hour * 3600))


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def declaration_id(tag: str) -> str:
    return derive_id("simulated declaration", tag)


def entry_id_of_declaration(tag: str) -> str:
    """Returns the id that the door gives the declaration's event."""
    return derive_id("declaration-submitted", declaration_id(tag))


def scan_id(tag: str) -> str:
    return derive_id("simulated scan", tag)


def health_test_id(tag: str) -> str:
    return derive_id("simulated test", tag)


def dose_id(tag: str) -> str:
    return derive_id("simulated dose", tag)


def order_id(tag: str) -> str:
    return derive_id("simulated order", tag)


def case_id(tag: str) -> str:
    return derive_id("simulated case", tag)
