"""One person's entries as rules judge them: small values, made from the journal's events.

States hold them as arrays: new fields come last, with a default.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, get_args

import msgspec

from schemas.contract.terms import (
    CertificateGrade,
    CodeFault,
    Direction,
    IdKind,
    Likeness,
    OrderKind,
    TransportMode,
)

NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""Time of reception of the entries that states stored before they stored that time."""


@lru_cache(maxsize=256)
def span(hours: float) -> timedelta:
    """Returns the hours as a span; policies name few spans, and rules need them at every entry."""
    return timedelta(hours=hours)


class Match(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How the declared name, birth date and sex fit those of the register."""

    known: bool
    name: Likeness
    birth_date: Likeness
    sex: Likeness

    def differing(self) -> tuple[str, ...]:
        """Returns reason codes of the fields that differ, then of those that are near.

        Near fields do not count by themselves: without a different one there is no reason.
        """
        if not self.known or "different" not in (self.name, self.birth_date, self.sex):
            return ()
        compared = (("name", self.name), ("birth_date", self.birth_date), ("sex", self.sex))
        different = [
            f"{field}_different" for field, likeness in compared if likeness == "different"
        ]
        near = [f"{field}_near" for field, likeness in compared if likeness == "near"]
        return (*different, *near)


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """All entries have these fields; `occurred_at` is the time that counts for rules."""

    entry_id: str
    document_key: str
    revision: int
    reference_version: int
    match: Match
    occurred_at: datetime


NEAR = timedelta(days=2)
"""Nearly all journeys begin and end within so long of their declaration."""


class Journey(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="j"):
    declaration_id: str
    origin_code: str
    destination_code: str
    departure_at: datetime
    arrival_at: datetime | None
    transport_mode: TransportMode
    symptoms: bool = False
    exposed: bool = False
    contradictions: tuple[str, ...] = ()
    name_key: str = ""
    match_permanent: Likeness = "unknown"
    match_lodging: Likeness = "unknown"
    vehicle_key: str = ""
    replaces: str = ""

    @property
    def is_far_off(self) -> bool:
        """Returns whether it begins or ends at quite another time than it was declared."""
        times = [at for at in (self.departure_at, self.arrival_at) if at is not None]
        return any(abs(at - self.occurred_at) > NEAR for at in times)


class Certificate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A health certificate shown at a scan: its grade, and how it fits the person."""

    grade: CertificateGrade
    name: Likeness
    birth_date: Likeness


class Scan(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="s"):
    checkpoint_id: str
    direction: Direction
    declaration_id: str | None
    contradictions: tuple[str, ...] = ()
    name_key: str = ""
    vehicle_key: str = ""
    green_lane: bool = False
    permit_id: str = ""
    trailer_key: str = ""
    certificate: Certificate | None = None
    code_key: str = ""
    """Key of the document that our code names, where a document was checked beside the code."""
    code_fault: CodeFault | Literal[""] = ""

    def permit_keys(self) -> tuple[str, ...]:
        """Returns by what the permits of a vehicle in the green lane are found."""
        if not self.green_lane:
            return ()
        keys = (self.vehicle_key, self.trailer_key, self.permit_id)
        return tuple(key for key in keys if key)


class Dose(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="d"):
    dose_number: int
    administered_on: date
    contradictions: tuple[str, ...] = ()
    name_key: str = ""
    product: str = ""
    facility: str = ""
    before_birth: bool = False
    after_death: bool = False


class HealthTest(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="t"):
    """A test result; `occurred_at` is when it was issued."""

    positive: bool
    contradictions: tuple[str, ...] = ()
    name_key: str = ""


class Cancellation(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="c"):
    declaration_id: str


class Case(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="f"):
    """A report on a case (F0)."""

    case_id: str
    confirmed: bool
    ill_from: datetime
    """Onset or sample, whichever came first."""
    received_at: datetime = NEVER


class Order(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="o"):
    order_id: str
    kind: OrderKind
    in_force: bool
    begins_at: datetime
    ends_at: datetime | None
    received_at: datetime = NEVER


class Reuse(Entry, frozen=True, array_like=True, gc=False, kw_only=True, tag="r"):
    """Another document has the id of a scan or declaration, and had it first."""

    id_kind: IdKind
    cause_id: str
    """Entry of the scan or declaration."""


DocumentUse = Journey | Scan | Dose | HealthTest
"""An entry that came with a document, and mostly with a name: a person claimed to be somebody."""
DOCUMENT_USES: tuple[type[DocumentUse], ...] = get_args(DocumentUse)
Judged = DocumentUse | Cancellation | Case | Order | Reuse
"""Any entry that a history holds."""
KINDS: tuple[type[Judged], ...] = get_args(Judged)
