"""The policy that is built in, and what a policy sets: it holds until one is adopted."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import asdict

from schemas.contract.events import PolicyAdopted
from schemas.contract.ids import EventId

DEFAULT_POLICY = PolicyAdopted(
    policy_id="built-in",
    event_id=EventId("built-in"),
    declaration_valid_hours=72,
    decisions={
        "no_valid_declaration": "refer",
        "code_not_in_force": "check_papers",
        "code_of_another": "refer",
        "code_not_trusted": "refer",
        "plate_not_declared": "check_papers",
        "identity_mismatch": "check_papers",
        "unknown_document": "check_papers",
        "number_contradiction": "check_papers",
        "two_names": "check_papers",
        "residence_mismatch": "check_papers",
        "red_zone_crossing": "turn_back",
        "vaccination_mismatch": "pass",
        "dose_sequence": "pass",
        "dose_record": "pass",
        "health_declared": "refer",
        "under_order": "turn_back",
        "case_at_post": "refer",
        "green_lane": "check_papers",
        "impossible_travel": "check_papers",
        "off_declared_route": "check_papers",
        "destination_not_reached": "check_papers",
        "certificate": "check_papers",
        "certificate/certificate_tampered": "refer",
        "certificate/certificate_list_out_of_date": "pass",
        "health_test": "refer",
        "reused_id": "check_papers",
    },
    valid_from=datetime(2021, 1, 1, tzinfo=UTC),
    received_at=datetime(2021, 1, 1, tzinfo=UTC),
    submitted_by="",
)

NO_PARAMETERS = frozenset(
    ("event_id", "policy_id", "decisions", "valid_from", "valid_to", "received_at", "submitted_by")
)


def parameters_of(policy: PolicyAdopted) -> dict[str, Any]:
    """Returns what a policy sets besides its decisions."""
    return {name: value for name, value in asdict(policy).items() if name not in NO_PARAMETERS}
