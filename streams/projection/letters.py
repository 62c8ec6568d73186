"""Dead letters, each with its whole record, and how they were settled."""

from streams.projection.table import Table

DEAD_LETTERS = Table(
    "dead_letters",
    {
        "stage": "stage",
        "source_topic": "source_topic",
        "source_partition": "source_partition",
        "source_offset": "source_offset",
        "kind": "kind",
        "reason": "reason",
        "schema_id": "schema_id",
        "record_key": lambda event, version: event.record_key or b"",
        "record_value": lambda event, version: event.record_value or b"",
        "failed_at": "failed_at",
    },
)

SETTLEMENTS = Table(
    "dead_letter_settlements",
    {
        "source_topic": "source_topic",
        "source_partition": "source_partition",
        "source_offset": "source_offset",
        "outcome": "outcome",
        "settled_at": "settled_at",
        "settled_by": "settled_by",
    },
)
