"""Overrides: decisions of officers against the verdict."""

from streams.projection.table import Table, version

OVERRIDES = Table(
    "overrides",
    {
        "scan_id": "scan_id",
        "event_id": "event_id",
        "person_id": "person_id",
        "checkpoint_id": "checkpoint_id",
        "verdict": "verdict",
        "decision": "decision",
        "reason": "reason",
        "overridden_at": "overridden_at",
        "received_at": "received_at",
        "team": "submitted_by",
        "version": version,
    },
)
