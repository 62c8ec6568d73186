"""How a door event becomes a journal entry: facts, pseudonyms and how the declared fields compare with the register's; no identities."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import msgspec

from schemas.contract.events import (
    CaseIdentified,
    CaseReported,
    CheckpointScanned,
    DeclarationCancelled,
    DeclarationSubmitted,
    DoorEvent,
    DoseAdministered,
    DoseIdentified,
    JournalEntry,
    JourneyCancelled,
    JourneyIdentified,
    KnownPeriod,
    OrderIdentified,
    OrderIssued,
    PresenceIdentified,
    PresenceReported,
    ScanIdentified,
    TestIdentified,
    TestResulted,
)
from schemas.contract.ids import NameKey, PersonId
from schemas.domain.documents import contradictions
from streams.matching import compare
from streams.matching.birth_dates import born_after
from streams.matching.registered import Registered
from streams.matching.residences import compare_residences

VIETNAM = timezone(timedelta(hours=7))


class Identified(msgspec.Struct, frozen=True, gc=False):
    """Whose an event is, and what was known when that was found out."""

    person_id: PersonId
    revision: int
    withdrawn: bool
    fresh: bool
    reference_version: int
    registered: Registered | None
    name_key: NameKey | None = None
    deceased_at: datetime | None = None
    known_from: datetime | None = None
    """From when it was known to be the person's; None where it is withdrawn from them."""
    earlier_periods: Sequence[KnownPeriod] = ()


def journal_entry(event: DoorEvent, identified: Identified) -> JournalEntry:
    return ENTRIES[type(event)](event, identified)


def _journey(event: DeclarationSubmitted, identified: Identified) -> JourneyIdentified:
    known = identified.registered
    return JourneyIdentified(
        **_head(event, identified, event.declared_at),
        **_said(event, identified),
        match_permanent=compare_residences(
            event.permanent_code, known.permanent_code if known else None
        ),
        match_lodging=compare_residences(
            event.lodging_code, known.temporary_code if known else None
        ),
        declaration_id=event.declaration_id,
        origin_code=event.origin_code,
        destination_code=event.destination_code,
        residence_code=known.residence_code if known else None,
        departure_at=event.departure_at,
        arrival_at=event.arrival_at,
        transport_mode=event.transport_mode,
        vehicle_key=event.vehicle_key,
        symptoms=event.symptoms,
        exposed=event.exposed,
        channel=event.channel,
        site_id=event.site_id,
        replaces=event.replaces,
        **_known(event, identified),
    )


def _cancellation(event: DeclarationCancelled, identified: Identified) -> JourneyCancelled:
    return JourneyCancelled(
        **_head(event, identified, event.cancelled_at), declaration_id=event.declaration_id
    )


def _scan(event: CheckpointScanned, identified: Identified) -> ScanIdentified:
    return ScanIdentified(
        **_head(event, identified, event.scanned_at),
        **_said(event, identified),
        shown_kind=event.shown_kind,
        declaration_id=event.declaration_id,
        checkpoint_id=event.checkpoint_id,
        direction=event.direction,
        vehicle_key=event.vehicle_key,
        team=event.submitted_by,
        green_lane=event.green_lane,
        permit_id=event.permit_id,
        trailer_key=event.trailer_key,
        code_key=event.code_key,
        code_fault=event.code_fault,
        **_certificate(event, identified.registered),
        **_known(event, identified),
    )


def _certificate(event: CheckpointScanned, registered: Registered | None) -> dict[str, Any]:
    """A certificate has no document number: it is bound to the holder of the document by name and birth date alone, as the register has
    them, or else as the card does."""
    if event.certificate_grade is None:
        return {}
    holder = registered or Registered(
        event.full_name or "", event.birth_date or "", "unknown", None
    )
    name, birth_date, _ = compare(
        event.certificate_name, event.certificate_birth_date, None, holder
    )
    return {
        "certificate_grade": event.certificate_grade,
        "certificate_kind": event.certificate_kind,
        "certificate_country": event.certificate_country,
        "certificate_doses": event.certificate_doses,
        "certificate_doses_needed": event.certificate_doses_needed,
        "certificate_result": event.certificate_result,
        "certificate_dated_at": event.certificate_dated_at,
        "certificate_match_name": name,
        "certificate_match_birth_date": birth_date,
    }


def _dose(event: DoseAdministered, identified: Identified) -> DoseIdentified:
    given, gone, known = event.administered_on, identified.deceased_at, identified.registered
    return DoseIdentified(
        **_head(event, identified, datetime.combine(event.administered_on, time(), UTC)),
        **_said(event, identified),
        dose_number=event.dose_number,
        product=event.product,
        facility=event.facility,
        administered_on=given,
        before_birth=any(
            born_after(born, given)
            for born in (event.birth_date, known.birth_date if known else "")
            if born
        ),
        after_death=gone is not None and given > gone.astimezone(VIETNAM).date(),
    )


def _case(event: CaseReported, identified: Identified) -> CaseIdentified:
    return CaseIdentified(
        **_head(event, identified, event.reported_at),
        case_id=event.case_id,
        status=event.status,
        onset_at=event.onset_at,
        sampled_at=event.sampled_at,
        isolated_at=event.isolated_at,
        **_known(event, identified),
    )


def _order(event: OrderIssued, identified: Identified) -> OrderIdentified:
    return OrderIdentified(
        **_head(event, identified, event.issued_at),
        order_id=event.order_id,
        kind=event.kind,
        status=event.status,
        unit_code=event.unit_code,
        begins_at=event.begins_at,
        ends_at=event.ends_at,
        **_known(event, identified),
    )


def _presence(event: PresenceReported, identified: Identified) -> PresenceIdentified:
    return PresenceIdentified(
        **_head(event, identified, event.began_at),
        place=event.place,
        ended_at=event.ended_at,
        granularity=event.granularity,
        distance_m=event.distance_m,
        **_known(event, identified),
    )


def _known(event: DoorEvent, identified: Identified) -> dict[str, Any]:
    """For answers as they would have been given earlier."""
    later = identified.known_from != event.received_at
    return {
        "known_from": identified.known_from if later else None,
        "formerly": list(identified.earlier_periods),
    }


def _said(
    event: DeclarationSubmitted | CheckpointScanned | DoseAdministered | TestResulted,
    identified: Identified,
) -> dict[str, Any]:
    """What can be told of name and number without telling them."""
    contradicted: tuple[str, ...] = ()
    if event.document_kind == "cccd" and event.document_number and event.birth_date:
        contradicted = contradictions(
            event.document_number, event.sex or "unknown", event.birth_date
        )
    return {"number_contradicts": list(contradicted), "name_key": identified.name_key}


def _test(event: TestResulted, identified: Identified) -> TestIdentified:
    return TestIdentified(
        **_head(event, identified, event.resulted_at),
        **_said(event, identified),
        kind=event.kind,
        result=event.result,
        sampled_at=event.sampled_at,
        laboratory=event.laboratory,
    )


def _head(event: DoorEvent, identified: Identified, occurred_at: datetime) -> dict[str, Any]:
    said = (
        (None, None, None)
        if isinstance(event, PresenceReported | DeclarationCancelled)
        else (event.full_name, event.birth_date, event.sex)
    )
    name, birth_date, sex = compare(*said, identified.registered)
    return {
        "entry_id": event.event_id,
        "person_id": identified.person_id,
        "document_key": event.document_key,
        "revision": identified.revision,
        "withdrawn": identified.withdrawn,
        "fresh": identified.fresh,
        "reference_version": identified.reference_version,
        "known": identified.registered is not None,
        "match_name": name,
        "match_birth_date": birth_date,
        "match_sex": sex,
        "occurred_at": occurred_at,
        "received_at": event.received_at,
    }


ENTRIES: Mapping[type[DoorEvent], Callable[[Any, Identified], JournalEntry]] = {
    DeclarationSubmitted: _journey,
    DeclarationCancelled: _cancellation,
    CheckpointScanned: _scan,
    DoseAdministered: _dose,
    CaseReported: _case,
    OrderIssued: _order,
    PresenceReported: _presence,
    TestResulted: _test,
}
