"""Exposure rules as shipped: what counts as contact, as parameters.

They follow QĐ 3638/QĐ-BYT of 30 July 2021 and CV 11042/BYT-DP of 29 December 2021. `assumed` names
the parameters that a decision does not settle and the set only proposes; every trace repeats them.
How many days contacts are to be watched is not proposed at all: the request has to say it, or a set
that says it has to be adopted. Adopted sets are reference data and go before these.
"""

from datetime import UTC, datetime

from schemas.contract.events import ExposureRulesAdopted
from schemas.contract.ids import EventId

UNCERTAIN_MINUTES = {"hour": 60.0, "half_day": 720.0, "day": 1440.0, "planned": 60.0}
"""Minutes by which a period may be off, by how exactly it is known.

No decision speaks of that. A period known by its unit may be off by that unit, a planned journey by
an hour.
"""

QD_3638 = ExposureRulesAdopted(
    event_id=EventId("shipped"),
    rules_id="QD-3638",
    source="Quyết định 3638/QĐ-BYT",
    days_before_onset=3,
    days_before_sampling=None,
    overlap_minutes=0.0,
    distance_most_m=2.0,
    apart_minutes={"post": 15.0, "site": 15.0, "vehicle": 60.0},
    latent_hours=0.0,
    follow_days=None,
    assumed=["apart_minutes", "latent_hours", "uncertain_minutes"],
    valid_from=datetime(2021, 7, 29, 17, tzinfo=UTC),
    received_at=datetime(2021, 7, 29, 17, tzinfo=UTC),
    submitted_by="",
    uncertain_minutes=UNCERTAIN_MINUTES,
)
"""Contact is within 2 m, in one closed space, or in one means of transport.

F2 is counted from the time at which F1 may have become infectious until F1 was isolated.
"""

CV_11042 = ExposureRulesAdopted(
    event_id=EventId("shipped"),
    rules_id="CV-11042",
    source="Công văn 11042/BYT-DP",
    days_before_onset=2,
    days_before_sampling=2,
    overlap_minutes=15.0,
    distance_most_m=2.0,
    apart_minutes={"post": 15.0, "site": 15.0, "vehicle": 60.0},
    latent_hours=0.0,
    follow_days=None,
    assumed=[
        "overlap_minutes",
        "distance_most_m",
        "vehicles_count",
        "households_count",
        "apart_minutes",
        "latent_hours",
        "uncertain_minutes",
    ],
    valid_from=datetime(2021, 12, 28, 17, tzinfo=UTC),
    received_at=datetime(2021, 12, 28, 17, tzinfo=UTC),
    submitted_by="",
    uncertain_minutes=UNCERTAIN_MINUTES,
)
"""Fifteen minutes are for people who wore masks.

If no mask was worn any contact counts; as nobody records masks, adopt a set with 0 for that.
"""

SHIPPED = (QD_3638, CV_11042)
