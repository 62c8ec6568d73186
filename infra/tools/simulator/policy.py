"""The policy of the simulated day: what the built-in one leaves open is decided here, so that every rule has something to find."""

from typing import Any

from schemas.domain.reference import DEFAULT_POLICY

POLICY_ID = "simulated"
POSITIVE_DAYS, INTERVAL_LEAST_DAYS = 14, 14
POLICY: dict[str, Any] = {
    "valid_from": "2021-01-01T00:00:00+07:00",
    "decisions": dict(DEFAULT_POLICY.decisions),
    "test_required_levels": ["orange"],
    "test_positive_days": POSITIVE_DAYS,
    "dose_interval_least_days": INTERVAL_LEAST_DAYS,
    "way_back_declared": False,
    "passages_allowed": ["yellow>red"],
    "dose_products_together": ["AstraZeneca + Pfizer"],
}
