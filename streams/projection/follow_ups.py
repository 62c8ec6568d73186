"""Reports on the follow-up of contacts."""

from streams.projection.table import Table

FOLLOW_UPS = Table(
    "follow_ups",
    {
        "person_id": "person_id",
        "day": "day",
        "event_id": "event_id",
        "status": "status",
        "symptoms": "symptoms",
        "temperature_c": "temperature_c",
        "reported_at": "reported_at",
        "received_at": "received_at",
        "reported_by": "submitted_by",
    },
)
