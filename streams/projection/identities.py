"""Who is who: links in pseudonyms, and the identity vault, the one table with names."""

from streams.document_claims import STILL_THEIRS, learnt_at
from streams.projection.known import known_columns
from streams.projection.table import Table, constant, offset, or_empty

NOBODY = "0" * 32

LINKED = Table(
    "person_documents",
    {
        "document_key": "document_key",
        "source": "source",
        "document_kind": "document_kind",
        "person_id": "person_id",
        "registered": "registered",
        "linked_at": "linked_at",
        "version": offset,
        "is_deleted": constant(0),
    },
)

UNLINKED = Table(
    "person_documents",
    {
        "document_key": "document_key",
        "source": "source",
        "document_kind": constant(""),
        "person_id": lambda event, offset: event.person_id or NOBODY,
        "registered": constant(False),
        "linked_at": "unlinked_at",
        "version": offset,
        "is_deleted": lambda event, offset: int(
            event.person_id is None or event.reason not in STILL_THEIRS
        ),
    },
)

VAULT_LINKED = Table(
    "identity_vault",
    {
        "person_id": "person_id",
        "document_key": "document_key",
        "source": "source",
        "entry_id": constant(""),
        "document_kind": "document_kind",
        "document_number": "document_number",
        "full_name": or_empty("full_name"),
        "birth_date": or_empty("birth_date"),
        "sex": or_empty("sex"),
        "phone": or_empty("phone"),
        "residence_code": or_empty("residence_code"),
        "residence_detail": or_empty("residence_detail"),
        "vehicle_plate": constant(""),
        "said_at": "linked_at",
        "known_from": lambda event, offset: learnt_at(event),
        "formerly": constant(()),
        "version": offset,
        "is_deleted": constant(0),
    },
)

VAULT_DECLARED = Table(
    "identity_vault",
    {
        "person_id": "person_id",
        "document_key": "document_key",
        "source": constant("declared"),
        "entry_id": "entry_id",
        "document_kind": "document_kind",
        "document_number": "document_number",
        "full_name": or_empty("full_name"),
        "birth_date": or_empty("birth_date"),
        "sex": or_empty("sex"),
        "phone": or_empty("phone"),
        "residence_code": or_empty("lodging_code"),
        "residence_detail": or_empty("lodging_detail"),
        "vehicle_plate": or_empty("vehicle_plate"),
        "said_at": "occurred_at",
        **known_columns("occurred_at"),
        "version": "revision",
        "is_deleted": "withdrawn",
    },
)
