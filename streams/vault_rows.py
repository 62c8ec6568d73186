"""Makes the row of the identity vault for a door event: who the person claimed to be.

The stage `identify` writes it to the topic `declared-identities`, beside the journal entry.
Only `project` reads that topic, and only the table `identity_vault` gets the names.
A link of a document (`citizen-documents`) carries names as well; it goes to the same table.
"""

from typing import Any

from schemas.contract.events import (
    CaseReported,
    CheckpointScanned,
    DeclarationCancelled,
    DeclarationSubmitted,
    DoorEvent,
    DoseAdministered,
    IdentityDeclared,
    IdReused,
    OrderIssued,
    PresenceReported,
    TestResulted,
)
from streams.journal import Identified

NamingEvent = (
    DeclarationSubmitted
    | CheckpointScanned
    | DoseAdministered
    | CaseReported
    | OrderIssued
    | TestResulted
)


def vault_row(event: DoorEvent, identified: Identified) -> IdentityDeclared | None:
    """Returns the identity claimed with an event, or None if the event claims none.

    A scan of our own code and a cancellation claim none: they name a declaration, whose own event
    said who the person is. A reused id was noticed at an event that has its own row.
    """
    if (
        isinstance(event, DeclarationCancelled | IdReused)
        or event.document_kind is None
        or event.document_number is None
    ):
        return None
    return IdentityDeclared(
        entry_id=event.event_id,
        person_id=identified.person_id,
        document_key=event.document_key,
        revision=identified.revision,
        withdrawn=identified.withdrawn,
        document_kind=event.document_kind,
        document_number=event.document_number,
        known_from=identified.known_from,
        formerly=list(identified.earlier_periods),
        **_claimed(event),
    )


def _claimed(event: NamingEvent | PresenceReported) -> dict[str, Any]:
    if isinstance(event, PresenceReported):
        return {"occurred_at": event.began_at}
    return {
        "full_name": event.full_name,
        "birth_date": event.birth_date,
        "sex": event.sex,
        **_claimed_by_kind(event),
    }


def _claimed_by_kind(event: NamingEvent) -> dict[str, Any]:
    match event:
        case DeclarationSubmitted():
            return {
                "phone": event.phone,
                "lodging_code": event.lodging_code,
                "lodging_detail": event.lodging_detail,
                "vehicle_plate": event.vehicle_plate,
                "occurred_at": event.declared_at,
            }
        case CheckpointScanned():
            return {"vehicle_plate": event.vehicle_plate, "occurred_at": event.scanned_at}
        case CaseReported():
            return {"occurred_at": event.reported_at}
        case OrderIssued():
            return {"occurred_at": event.issued_at}
        case DoseAdministered():
            return {"occurred_at": event.received_at}
        case TestResulted():
            return {"occurred_at": event.resulted_at}
