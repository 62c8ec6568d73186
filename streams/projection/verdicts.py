"""Verdicts, one per scan."""

from streams.projection.table import Table

VERDICTS = Table(
    "verdicts",
    {
        "scan_id": "scan_id",
        "person_id": "person_id",
        "checkpoint_id": "checkpoint_id",
        "decision": "decision",
        "reasons": "reasons",
        "flag_ids": "flag_ids",
        "policy_id": "policy_id",
        "reference_version": "reference_version",
        "registered": "registered",
        "scanned_at": "scanned_at",
        "received_at": "received_at",
        "decided_at": "decided_at",
        "precedence": lambda event, offset: -offset,
    },
)
