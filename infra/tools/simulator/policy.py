"""The policy of the simulated day.

It decides what the built-in policy leaves open, so that every rule has something to find.
"""

from typing import Any

from schemas.domain.reference import DEFAULT_POLICY

POLICY_ID = "simulated"
POSITIVE_DAYS, MIN_INTERVAL_DAYS = 14, 14
POLICY: dict[str, Any] = {
    "valid_from": "2021-01-01T00:00:00+07:00",
    "decisions": dict(DEFAULT_POLICY.decisions),
    "test_required_levels": ["orange"],
    "test_positive_days": POSITIVE_DAYS,
    "dose_interval_least_days": MIN_INTERVAL_DAYS,
    "way_back_declared": False,
    "passages_allowed": ["yellow>red"],
    "dose_products_together": ["AstraZeneca + Pfizer"],
}
