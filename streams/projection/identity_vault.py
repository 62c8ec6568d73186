"""The identity vault, the one table with names: what sources and people themselves claim."""

from datetime import datetime
from typing import Any

from streams.document_claims import learnt_at
from streams.projection.ownership import ownership_columns
from streams.projection.table import Table, constant, or_empty, version


def _learnt_at(event: Any, version: int) -> datetime:
    return learnt_at(event)


LINKED = Table(
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
        "known_from": _learnt_at,
        "formerly": constant(()),
        "version": version,
        "is_deleted": constant(0),
    },
)

DECLARED = Table(
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
        **ownership_columns("occurred_at"),
        "version": "revision",
        "is_deleted": "withdrawn",
    },
)
