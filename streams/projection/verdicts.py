"""Verdicts, one per scan and document: of two on one scan the first holds."""

from streams.projection.table import Table, or_empty

VERDICTS = Table(
    "verdicts",
    {
        "scan_id": "scan_id",
        "person_id": "person_id",
        "document_key": or_empty("document_key"),
        "checkpoint_id": "checkpoint_id",
        "decision": "decision",
        "reasons": "reasons",
        "flag_ids": "flag_ids",
        "policy_id": "policy_id",
        "reference_version": "reference_version",
        "registered": "registered",
        "certificate_grade": or_empty("certificate_grade"),
        "certificate_kind": or_empty("certificate_kind"),
        "valid_until": "valid_until",
        "register_as_of": "register_as_of",
        "zones_as_of": "zones_as_of",
        "orders_as_of": "orders_as_of",
        "scanned_at": "scanned_at",
        "received_at": "received_at",
        "decided_at": "decided_at",
        "precedence": lambda event, version: -version,
    },
)
