"""The periods by which a stay is published, the finest first.

Nothing is published that lies within what is published already.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api.tracing.notice import Period, Stay, merged, periods_of
from schemas.domain.local_time import VIETNAM


def at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2021, 9, day, hour, minute, tzinfo=VIETNAM)


MARKET = Stay("site:market", at(8, 40), at(9, 10))


def test_a_stay_can_be_told_by_the_hours_it_touches_the_half_day_and_the_day() -> None:
    assert [(period.grain, period.first, period.last) for period in periods_of(MARKET)] == [
        ("hours", at(8), at(10)),
        ("half_day", at(0), at(12)),
        ("day", at(0), at(0, day=16)),
    ]


def test_a_period_within_another_of_the_same_place_tells_nothing_more() -> None:
    hours, half_day, day = periods_of(MARKET)
    elsewhere = Period("site:other", "hours", at(8), at(10))
    assert merged([hours, day, elsewhere, half_day, hours]) == [day, elsewhere]


MINUTES = st.integers(0, 3 * 24 * 60)


@given(began=MINUTES, length=st.integers(0, 24 * 60))
def test_every_period_takes_in_the_stay_and_each_coarser_one_the_finer(
    began: int, length: int
) -> None:
    begin = datetime(2021, 9, 14, 17, tzinfo=UTC) + timedelta(minutes=began)
    stay = Stay("site:market", begin, begin + timedelta(minutes=length))
    periods = periods_of(stay)
    for finer, coarser in pairwise(periods):
        assert (
            coarser.first <= finer.first <= stay.began and stay.ended < finer.last <= coarser.last
        )
