"""What counts as contact: dated, named sets of rules (QĐ 3638/QĐ-BYT of 30 July 2021, CV 11042/BYT-DP of 29 December 2021), as parameters.

A trace names the set it was made under, so that the same trace under another can be held beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureRules:
    """`assumed`: parameters that the decision does not settle and this set therefore only proposes; every trace repeats them."""

    rules_id: str
    source: str
    in_force_from: datetime
    days_before_onset: int
    """A case with symptoms may infect others from so many days before the first one."""
    days_before_sampling: int | None
    """The same for a case without symptoms, before the positive sample; None: not settled, so whoever asks must say."""
    overlap_minutes: float
    """Least time together, where both stays have a length. A stay that is only a moment counts by `apart_minutes`."""
    distance_most_m: float
    """Farther apart, where a distance was measured, is no contact."""
    apart_minutes: Mapping[str, float]
    """By kind of place: how far apart two moments may be and still count as being there together."""
    latent_hours: float
    """From exposure until a contact may infect others."""
    assumed: tuple[str, ...]


QD_3638 = ExposureRules(
    rules_id="QD-3638",
    source="Quyết định 3638/QĐ-BYT",
    in_force_from=datetime(2021, 7, 29, 17, tzinfo=UTC),
    days_before_onset=3,
    days_before_sampling=None,
    overlap_minutes=0.0,
    distance_most_m=2.0,
    apart_minutes={"post": 15.0, "vehicle": 60.0},
    latent_hours=0.0,
    assumed=("apart_minutes", "latent_hours"),
)
"""Contact within 2 m, in one closed space, or in one means of transport; F2 from the time F1 may have become infectious until isolated."""

CV_11042 = ExposureRules(
    rules_id="CV-11042",
    source="Công văn 11042/BYT-DP",
    in_force_from=datetime(2021, 12, 28, 17, tzinfo=UTC),
    days_before_onset=2,
    days_before_sampling=2,
    overlap_minutes=15.0,
    distance_most_m=2.0,
    apart_minutes={"post": 15.0, "vehicle": 60.0},
    latent_hours=0.0,
    assumed=("apart_minutes", "latent_hours"),
)

EXPOSURE_RULES: Mapping[str, ExposureRules] = {rules.rules_id: rules for rules in (QD_3638, CV_11042)}


def rules_in_force(at: datetime) -> ExposureRules | None:
    """The newest set in force at an instant; None before the first one we know."""
    dated = [rules for rules in EXPOSURE_RULES.values() if rules.in_force_from <= at]
    return max(dated, key=lambda rules: rules.in_force_from, default=None)
