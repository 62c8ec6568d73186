"""Makes the journal entry of a door event: facts, pseudonyms, and likeness to the register.

An entry has no name, number or address of a person. Fields that an event and its entry share by
name are copied; each function below adds the others. A declaration becomes a `JourneyIdentified`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
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
    IdReused,
    JournalEntry,
    JourneyCancelled,
    JourneyIdentified,
    KnownPeriod,
    OrderIdentified,
    OrderIssued,
    PresenceIdentified,
    PresenceReported,
    ReuseIdentified,
    ScanIdentified,
    TestIdentified,
    TestResulted,
)
from schemas.contract.ids import NameKey, PersonId
from schemas.contract.terms import Likeness
from schemas.domain.documents import contradictions
from schemas.domain.local_time import VIETNAM
from streams.copying import maker
from streams.matching import compare
from streams.matching.birth_dates import born_after
from streams.matching.registered import Registered
from streams.matching.residences import compare_residences


class Identified(msgspec.Struct, frozen=True, gc=False):
    """The person to whom an event is written, and what was known when it was."""

    person_id: PersonId
    revision: int
    """Version of the link record that last changed the document's owner, data or death.

    Of two entries with one id the one with the higher revision holds. It is -1 without any link.
    """
    withdrawn: bool
    """True where the event is taken from the person, as another one owns the document."""
    fresh: bool
    """True where the event is handled for the first time, False after a change of its link.

    A withdrawal is never fresh: the fresh entry is the owner's.
    """
    reference_version: int
    registered: Registered | None
    name_key: NameKey | None = None
    deceased_at: datetime | None = None
    known_from: datetime | None = None
    """The event is known to be the person's from then on; None where it is withdrawn from them."""
    earlier_periods: Sequence[KnownPeriod] = ()
    """Periods in which the event counted as this person's before it went to another."""


NAMELESS = (PresenceReported, DeclarationCancelled, IdReused)
"""Events that claim no name, birth date or sex."""


def journal_entry(event: DoorEvent, identified: Identified) -> JournalEntry:
    """Returns the entry that the topic `journal` gets, under the key of the person."""
    return MAKERS[type(event)](event, identified)


_make_journey = maker(DeclarationSubmitted, JourneyIdentified)
_make_cancellation = maker(DeclarationCancelled, JourneyCancelled)
_make_scan = maker(CheckpointScanned, ScanIdentified)
_make_dose = maker(DoseAdministered, DoseIdentified)
_make_health_test = maker(TestResulted, TestIdentified)
_make_case = maker(CaseReported, CaseIdentified)
_make_order = maker(OrderIssued, OrderIdentified)
_make_presence = maker(PresenceReported, PresenceIdentified)
_make_reuse = maker(IdReused, ReuseIdentified)


def _journey(event: DeclarationSubmitted, identified: Identified) -> JourneyIdentified:
    known = identified.registered
    permanent_code = known.permanent_code if known else None
    temporary_code = known.temporary_code if known else None
    return _make_journey(
        event,
        {
            **_head(event, identified, event.declared_at),
            **_name_and_number(event, identified),
            "residence_code": known.residence_code if known else None,
            "match_permanent": compare_residences(event.permanent_code, permanent_code),
            "match_lodging": compare_residences(event.lodging_code, temporary_code),
            **_ownership(event, identified),
        },
    )


def _cancellation(event: DeclarationCancelled, identified: Identified) -> JourneyCancelled:
    return _make_cancellation(event, _head(event, identified, event.cancelled_at))


def _scan(event: CheckpointScanned, identified: Identified) -> ScanIdentified:
    return _make_scan(
        event,
        {
            **_head(event, identified, event.scanned_at),
            **_name_and_number(event, identified),
            "team": event.submitted_by,
            **_certificate_match(event, identified.registered),
            **_ownership(event, identified),
        },
    )


NO_CERTIFICATE: Mapping[str, Likeness] = {
    "certificate_match_name": "unknown",
    "certificate_match_birth_date": "unknown",
}


def _certificate_match(
    event: CheckpointScanned, registered: Registered | None
) -> Mapping[str, Likeness]:
    """Compares the certificate's name and birth date with the register, or else with the card.

    A certificate has no document number: nothing else binds it to the holder of the document.
    """
    if event.certificate_grade is None:
        return NO_CERTIFICATE
    holder = registered or Registered(
        event.full_name or "", event.birth_date or "", "unknown", None
    )
    name, birth_date, _ = compare(
        event.certificate_name, event.certificate_birth_date, None, holder
    )
    return {"certificate_match_name": name, "certificate_match_birth_date": birth_date}


def _dose(event: DoseAdministered, identified: Identified) -> DoseIdentified:
    day = datetime.combine(event.administered_on, time(), UTC)
    return _make_dose(
        event,
        {
            **_head(event, identified, day),
            **_name_and_number(event, identified),
            "before_birth": _is_before_birth(event, identified.registered),
            "after_death": _is_after_death(event, identified.deceased_at),
        },
    )


def _is_before_birth(event: DoseAdministered, registered: Registered | None) -> bool:
    """Returns whether the dose is older than the declared or the registered birth date."""
    registered_birth_date = registered.birth_date if registered else ""
    for birth_date in (event.birth_date, registered_birth_date):
        if birth_date and born_after(birth_date, event.administered_on):
            return True
    return False


def _is_after_death(event: DoseAdministered, deceased_at: datetime | None) -> bool:
    """Returns whether the dose is dated after the day of death, by Vietnam's clock."""
    if deceased_at is None:
        return False
    return event.administered_on > deceased_at.astimezone(VIETNAM).date()


def _health_test(event: TestResulted, identified: Identified) -> TestIdentified:
    return _make_health_test(
        event,
        {
            **_head(event, identified, event.resulted_at),
            **_name_and_number(event, identified),
        },
    )


def _case(event: CaseReported, identified: Identified) -> CaseIdentified:
    return _make_case(
        event,
        {**_head(event, identified, event.reported_at), **_ownership(event, identified)},
    )


def _order(event: OrderIssued, identified: Identified) -> OrderIdentified:
    return _make_order(
        event,
        {**_head(event, identified, event.issued_at), **_ownership(event, identified)},
    )


def _presence(event: PresenceReported, identified: Identified) -> PresenceIdentified:
    return _make_presence(
        event,
        {**_head(event, identified, event.began_at), **_ownership(event, identified)},
    )


def _reuse(event: IdReused, identified: Identified) -> ReuseIdentified:
    return _make_reuse(event, _head(event, identified, event.occurred_at))


def _head(event: DoorEvent, identified: Identified, occurred_at: datetime) -> dict[str, Any]:
    """Returns the fields that every entry has, with the likeness of name, birth date and sex."""
    if isinstance(event, NAMELESS):
        name, birth_date, sex = compare(None, None, None, identified.registered)
    else:
        name, birth_date, sex = compare(
            event.full_name, event.birth_date, event.sex, identified.registered
        )
    return {
        "entry_id": event.event_id,
        "person_id": identified.person_id,
        "revision": identified.revision,
        "withdrawn": identified.withdrawn,
        "fresh": identified.fresh,
        "reference_version": identified.reference_version,
        "known": identified.registered is not None,
        "match_name": name,
        "match_birth_date": birth_date,
        "match_sex": sex,
        "occurred_at": occurred_at,
    }


def _name_and_number(
    event: DeclarationSubmitted | CheckpointScanned | DoseAdministered | TestResulted,
    identified: Identified,
) -> dict[str, Any]:
    """Returns which facts the digits of the number contradict, and the name's pseudonym.

    An entry may have these: neither gives the number or the name away.
    """
    contradicted: tuple[str, ...] = ()
    if event.document_kind == "cccd" and event.document_number and event.birth_date:
        contradicted = contradictions(
            event.document_number, event.sex or "unknown", event.birth_date
        )
    return {"number_contradicts": list(contradicted), "name_key": identified.name_key}


def _ownership(event: DoorEvent, identified: Identified) -> dict[str, Any]:
    """Returns since when the event is known to be the person's, and when it counted before.

    `known_from` is empty where it was so from the reception on, as nearly always.
    Traces as known on an earlier day rest on these fields.
    """
    since_reception = identified.known_from == event.received_at
    return {
        "known_from": None if since_reception else identified.known_from,
        "formerly": list(identified.earlier_periods),
    }


MAKERS: Mapping[type[DoorEvent], Callable[[Any, Identified], JournalEntry]] = {
    DeclarationSubmitted: _journey,
    DeclarationCancelled: _cancellation,
    CheckpointScanned: _scan,
    DoseAdministered: _dose,
    TestResulted: _health_test,
    CaseReported: _case,
    OrderIssued: _order,
    PresenceReported: _presence,
    IdReused: _reuse,
}
