"""Reference data, every version of it."""

from streams.projection.table import Column, Table, offset, or_empty

IN_FORCE: dict[str, Column] = {
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "version": offset,
    "received_at": "received_at",
}

ZONES = Table("reference_zones", {"unit_code": "unit_code", "level": "level", "decision": or_empty("decision"), **IN_FORCE})

CHECKPOINTS = Table(
    "reference_checkpoints",
    {
        "checkpoint_id": "checkpoint_id",
        "name": "name",
        "unit_code": "unit_code",
        "road": or_empty("road"),
        "latitude": "latitude",
        "longitude": "longitude",
        **IN_FORCE,
    },
)

POLICIES = Table(
    "reference_policies",
    {
        "policy_id": "policy_id",
        "declaration_valid_hours": "declaration_valid_hours",
        "decisions": "decisions",
        **IN_FORCE,
    },
)
