"""The people whom a public notice counts, on the real ClickHouse."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from api.backends.clickhouse import ReadSide
from api.doors.services import Services
from api.tracing import notice
from api.tracing.anonymity import People
from api.tracing.notice import Period
from infra.settings import Settings
from tests.api.tracing.minutes import at
from tests.api.tracing.worlds import Worlds

pytestmark = pytest.mark.live


def people_by_period(
    settings: Settings, person: str, periods: Sequence[Period]
) -> Mapping[Period, People]:
    async def asked() -> Mapping[Period, People]:
        side = ReadSide(settings)
        try:
            services = cast(Services, SimpleNamespace(clickhouse=side))
            return await notice._people_by_period(services, person, [periods])
        finally:
            await side.close()

    return asyncio.run(asked())


def hour_of(place: str, minute: int) -> Period:
    return Period(place, "hours", at(minute), at(minute) + timedelta(hours=1))


def test_of_a_full_place_those_count_who_have_most_in_common(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = [(person, "site:1", 60, 10, 0) for person in "bcdef"]
    case, *_ = worlds.write(
        [("a", "site:1", 60, 10, 0), *crowd, ("e", "site:2", 130, 5, 0), ("f", "site:2", 130, 5, 0)]
    )
    full, other = hour_of(case.place, 60), hour_of(case.place.replace("-1", "-2"), 120)
    everybody = people_by_period(worlds.settings, case.person, [full, other])
    assert [everybody[period].bit_count() for period in (full, other)] == [5, 2]
    monkeypatch.setattr(notice, "MAX_COUNTED", 3)
    counted = people_by_period(worlds.settings, case.person, [full, other])
    assert [counted[period].bit_count() for period in (full, other)] == [3, 2]
    assert (counted[full] & counted[other]).bit_count() == 2
