"""Flags in their present state; ClickHouse also keeps their changes."""

from streams.projection.table import Column, Table, constant

FINDING: dict[str, Column] = {
    "person_id": "person_id",
    "flag_id": "flag_id",
    "rule": "rule",
    "subject": "subject",
    "reasons": "reasons",
    "causes": "causes",
    "occurred_at": "occurred_at",
    "raised_at": "raised_at",
    "version": "version",
}

RAISED = Table(
    "flags",
    {
        **FINDING,
        "state": constant("open"),
        "cleared_at": constant(None),
        "reference_version": "reference_version",
    },
)
CLEARED = Table(
    "flags",
    {
        **FINDING,
        "state": constant("cleared"),
        "cleared_at": "cleared_at",
        "reference_version": constant(-1),  # the event does not say it
    },
)
