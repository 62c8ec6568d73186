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

EXPOSURE_RULES = Table(
    "reference_exposure_rules",
    {
        "rules_id": "rules_id",
        "source": "source",
        "days_before_onset": "days_before_onset",
        "days_before_sampling": "days_before_sampling",
        "overlap_minutes": "overlap_minutes",
        "distance_most_m": "distance_most_m",
        "apart_minutes": "apart_minutes",
        "latent_hours": "latent_hours",
        "vehicles_count": "vehicles_count",
        "households_count": "households_count",
        "follow_days": "follow_days",
        "assumed": "assumed",
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
