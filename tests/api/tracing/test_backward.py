"""Known cases may be the source if they could infect at all within the period."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from api.backends.clickhouse import ReadSide
from api.tracing import backward
from api.tracing.contacts import Infectious
from api.tracing.known_cases import infectious_cases
from api.tracing.responses import ms
from api.tracing.trace_request import BackwardIn
from schemas.domain.exposure import QD_3638

ONSET = datetime(2021, 9, 10, tzinfo=UTC)
TRACED = Infectious("me", ms(ONSET - timedelta(days=14)), ms(ONSET + timedelta(days=3)))


@pytest.mark.parametrize(
    ("isolated_days", "known"), [(None, True), (2, True), (-2, True), (-3, False), (-5, False)]
)
def test_a_case_isolated_before_it_could_infect_is_no_source(
    isolated_days: int | None, known: bool
) -> None:
    """A case may by QĐ 3638 infect others from three days before its onset on."""
    isolated = None if isolated_days is None else ONSET + timedelta(days=isolated_days)

    async def ask(*_: Any) -> list[dict[str, Any]]:
        return [{"person_id": "ill", "onset": ONSET, "sampled": None, "isolated": isolated}]

    body = BackwardIn(person_id="0" * 32, onset_at=ONSET, days_before=14)
    side = cast(ReadSide, SimpleNamespace(ask=ask))
    cases = asyncio.run(infectious_cases(side, QD_3638, body, TRACED, 0))
    assert ("ill" in cases.periods) is known


@pytest.mark.parametrize(
    ("in_the_slice", "all_people", "counted"),
    [(3_906, 1_000_000, 3_906 * 256), (999, 260_000, 260_000), (0, 7, 7)],
)
def test_a_slice_of_the_people_stands_for_all_where_it_has_enough(
    in_the_slice: int, all_people: int, counted: int
) -> None:
    async def ask(name: str, parameters: dict[str, Any]) -> list[dict[str, int]]:
        return [{"people": in_the_slice if parameters["below"] == "01" else all_people}]

    side = cast(ReadSide, SimpleNamespace(ask=ask))
    assert asyncio.run(backward._active_people(side, TRACED, 0)) == counted
