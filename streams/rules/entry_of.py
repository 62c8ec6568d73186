"""Makes a person's entries, as rules judge them, from the journal's events."""

from collections.abc import Callable, Mapping
from typing import Any

from schemas.contract.events import (
    CaseIdentified,
    DoseIdentified,
    JourneyCancelled,
    JourneyIdentified,
    JudgedEntry,
    OrderIdentified,
    ReuseIdentified,
    ScanIdentified,
    TestIdentified,
)
from streams.rules.entries import (
    Cancellation,
    Case,
    Certificate,
    Dose,
    HealthTest,
    Journey,
    Judged,
    Match,
    Order,
    Reuse,
    Scan,
)


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


def _reuse(event: ReuseIdentified) -> Reuse:
    return Reuse(**_head(event), id_kind=event.id_kind, cause_id=event.cause_id)


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
    ReuseIdentified: _reuse,
}
