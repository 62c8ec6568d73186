"""One person's entries as rules judge them: small values, made from the journal's events.

States hold them as arrays: new fields come last, with a default.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, get_args

import msgspec

from schemas.contract.events import (
    CaseIdentified,
    DoseIdentified,
    JourneyCancelled,
    JourneyIdentified,
    JudgedEntry,
    OrderIdentified,
    ScanIdentified,
    TestIdentified,
)
from schemas.contract.terms import (
    CertificateGrade,
    CodeFault,
    Direction,
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

    def valid_at(self, at: datetime, hours: int) -> bool:
        """Returns whether the declaration was made within the policy's hours before an instant.

        `History.in_force` also knows of an earlier end.
        """
        return self.occurred_at <= at <= self.occurred_at + span(hours)


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


DocumentUse = Journey | Scan | Dose | HealthTest
"""An entry that came with a document, and mostly with a name: a person claimed to be somebody."""
DOCUMENT_USES: tuple[type[DocumentUse], ...] = get_args(DocumentUse)
Judged = DocumentUse | Cancellation | Case | Order
"""Any entry that a history holds."""


def entry_of(event: JudgedEntry) -> Judged:
    return MAKERS[type(event)](event)


def _journey(event: JourneyIdentified) -> Journey:
    return Journey(
        **_head(event),
        declaration_id=event.declaration_id,
        origin_code=event.origin_code,
        destination_code=event.destination_code,
        departure_at=event.departure_at,
        arrival_at=event.arrival_at,
        transport_mode=event.transport_mode,
        symptoms=bool(event.symptoms),
        exposed=bool(event.exposed),
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
        match_permanent=event.match_permanent,
        match_lodging=event.match_lodging,
        vehicle_key=event.vehicle_key or "",
        replaces=event.replaces or "",
    )


def _scan(event: ScanIdentified) -> Scan:
    return Scan(
        **_head(event),
        checkpoint_id=event.checkpoint_id,
        direction=event.direction,
        declaration_id=event.declaration_id,
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
        vehicle_key=event.vehicle_key or "",
        green_lane=event.green_lane,
        permit_id=event.permit_id or "",
        trailer_key=event.trailer_key or "",
        certificate=_certificate(event),
        code_key=event.code_key or "",
        code_fault=event.code_fault or "",
    )


def _certificate(event: ScanIdentified) -> Certificate | None:
    if event.certificate_grade is None:
        return None
    return Certificate(
        event.certificate_grade, event.certificate_match_name, event.certificate_match_birth_date
    )


def _dose(event: DoseIdentified) -> Dose:
    return Dose(
        **_head(event),
        dose_number=event.dose_number,
        administered_on=event.administered_on,
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
        product=event.product,
        facility=event.facility or "",
        before_birth=event.before_birth,
        after_death=event.after_death,
    )


def _health_test(event: TestIdentified) -> HealthTest:
    return HealthTest(
        **_head(event),
        positive=event.result == "positive",
        contradictions=tuple(event.number_contradicts),
        name_key=event.name_key or "",
    )


def _cancellation(event: JourneyCancelled) -> Cancellation:
    return Cancellation(**_head(event), declaration_id=event.declaration_id)


def _case(event: CaseIdentified) -> Case:
    reported = [at for at in (event.onset_at, event.sampled_at) if at is not None]
    return Case(
        **_head(event),
        case_id=event.case_id,
        confirmed=event.status == "confirmed",
        ill_from=min(reported, default=event.occurred_at),
        received_at=event.received_at,
    )


def _order(event: OrderIdentified) -> Order:
    return Order(
        **_head(event),
        order_id=event.order_id,
        kind=event.kind,
        in_force=event.status == "in_force",
        begins_at=event.begins_at,
        ends_at=event.ends_at,
        received_at=event.received_at,
    )


def _head(event: JudgedEntry) -> dict[str, Any]:
    return {
        "entry_id": event.entry_id,
        "document_key": event.document_key,
        "revision": event.revision,
        "reference_version": event.reference_version,
        "match": Match(event.known, event.match_name, event.match_birth_date, event.match_sex),
        "occurred_at": event.occurred_at,
    }


MAKERS: Mapping[type[JudgedEntry], Callable[[Any], Judged]] = {
    JourneyIdentified: _journey,
    ScanIdentified: _scan,
    DoseIdentified: _dose,
    TestIdentified: _health_test,
    JourneyCancelled: _cancellation,
    CaseIdentified: _case,
    OrderIdentified: _order,
}
