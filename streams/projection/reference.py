"""Reference data, every version of it."""

import orjson

from schemas.contract.events import PolicyAdopted
from schemas.domain.reference import parameters_of
from streams.projection.table import Column, Table, or_empty, version

IN_FORCE: dict[str, Column] = {
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "version": version,
    "received_at": "received_at",
}

ZONES = Table(
    "reference_zones",
    {"unit_code": "unit_code", "level": "level", "decision": or_empty("decision"), **IN_FORCE},
)

CHECKPOINTS = Table(
    "reference_checkpoints",
    {
        "checkpoint_id": "checkpoint_id",
        "name": "name",
        "unit_code": "unit_code",
        "road": or_empty("road"),
        "latitude": "latitude",
        "longitude": "longitude",
        "side": or_empty("side"),
        "lanes": "lanes",
        "opens_at": or_empty("opens_at"),
        "closes_at": or_empty("closes_at"),
        "closed": "closed",
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
        "uncertain_minutes": "uncertain_minutes",
        "latent_hours": "latent_hours",
        "vehicles_count": "vehicles_count",
        "households_count": "households_count",
        "follow_days": "follow_days",
        "assumed": "assumed",
        **IN_FORCE,
    },
)

PERMITS = Table(
    "reference_permits",
    {
        "permit_id": "permit_id",
        "vehicle_key": "vehicle_key",
        "trailer_key": or_empty("trailer_key"),
        "crew_keys": "crew_keys",
        "roads": "roads",
        "revoked_at": "revoked_at",
        **IN_FORCE,
    },
)

PERMIT_EXTENSIONS = Table(
    "reference_permit_extensions",
    {
        "decision": or_empty("decision"),
        "ending_from": "ending_from",
        "ending_to": "ending_to",
        "extended_to": "extended_to",
        "version": version,
        "received_at": "received_at",
    },
)


def _parameters(event: PolicyAdopted, version: int) -> str:
    return orjson.dumps(parameters_of(event)).decode()


POLICIES = Table(
    "reference_policies",
    {
        "policy_id": "policy_id",
        "declaration_valid_hours": "declaration_valid_hours",
        "decisions": "decisions",
        "parameters": _parameters,
        **IN_FORCE,
    },
)

SIGNERS = Table(
    "reference_signers",
    {
        "key_id": "key_id",
        "country": "country",
        "issuer": or_empty("issuer"),
        "public_key": "public_key",
        "algorithm": "algorithm",
        "revoked_at": "revoked_at",
        **IN_FORCE,
    },
)

SOURCES = Table("reference_sources", {"source": "source", **IN_FORCE})

TRUST_LISTS = Table("reference_trust_lists", {"source": "source", **IN_FORCE})

REVOKED_CERTIFICATES = Table(
    "reference_revoked_certificates",
    {"identifier_hash": "identifier_hash", "reason": or_empty("reason"), **IN_FORCE},
)
