"""Reveals: looks into the identity vault."""

from streams.projection.table import Table, or_empty

REVEALS = Table(
    "reveals",
    {
        "person_id": "person_id",
        "revealed_at": "revealed_at",
        "event_id": "event_id",
        "request_id": "request_id",
        "handover_id": "handover_id",
        "question": or_empty("question"),
        "account": "submitted_by",
        "role": "role",
        "purpose": "purpose",
    },
)
