"""What goes to the identity vault of a door event: who somebody said they were. The only output of the path that names a person."""

from schemas.events import CheckpointScanned, DeclarationSubmitted, DoorEvent, DoseAdministered, IdentityDeclared
from streams.journal import Identified


def identity_declared(event: DoorEvent, identified: Identified) -> IdentityDeclared | None:
    """None for our own code at a checkpoint: it names a declaration, and that one said who it is."""
    match event:
        case DeclarationSubmitted():
            return IdentityDeclared(
                entry_id=event.event_id,
                person_id=identified.person_id,
                document_key=event.document_key,
                revision=identified.revision,
                withdrawn=identified.withdrawn,
                document_kind=event.document_kind,
                document_number=event.document_number,
                full_name=event.full_name,
                birth_date=event.birth_date,
                sex=event.sex,
                phone=event.phone,
                lodging_code=event.lodging_code,
                lodging_detail=event.lodging_detail,
                vehicle_plate=event.vehicle_plate,
                occurred_at=event.declared_at,
            )
        case CheckpointScanned(document_kind=str() as kind, document_number=str() as number):
            return IdentityDeclared(
                entry_id=event.event_id,
                person_id=identified.person_id,
                document_key=event.document_key,
                revision=identified.revision,
                withdrawn=identified.withdrawn,
                document_kind=kind,
                document_number=number,
                full_name=event.full_name,
                birth_date=event.birth_date,
                sex=event.sex,
                vehicle_plate=event.vehicle_plate,
                occurred_at=event.scanned_at,
            )
        case DoseAdministered():
            return IdentityDeclared(
                entry_id=event.event_id,
                person_id=identified.person_id,
                document_key=event.document_key,
                revision=identified.revision,
                withdrawn=identified.withdrawn,
                document_kind=event.document_kind,
                document_number=event.document_number,
                full_name=event.full_name,
                birth_date=event.birth_date,
                sex=event.sex,
                occurred_at=event.received_at,
            )
        case _:
            return None
