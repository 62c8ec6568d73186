"""The decision of a verdict: the gravest that the policy attaches, by rule or by reason."""

from datetime import timedelta

import pytest

from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    NOON,
    checkpoint,
    citizen,
    declaration,
    policy,
    scan,
    zone,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    return path


def test_verdict_takes_the_gravest_decision_and_puts_its_reasons_first(path: MemoryPath) -> None:
    path.decide(zone(COAST, "red", NOON - MINUTE))
    path.feed([scan("b", full_name="Lê Văn Tám", shown_kind="card_qr")])
    verdict = next(iter(path.verdicts().values()))
    assert (verdict.decision, verdict.reasons) == (
        "turn_back",
        ["enters_red_zone", "not_declared", "name_different"],
    )


def test_a_policy_may_name_a_reason_and_that_goes_before_its_rule(path: MemoryPath) -> None:
    path.decide(
        zone(COAST, "red", NOON - MINUTE),
        policy({"red_zone_crossing": "turn_back", "red_zone_crossing/leaves_red_zone": "refer"}),
    )
    path.feed([declaration("a", at=NOON - MINUTE, origin_code=CITY, destination_code=CITY)])
    path.feed([scan("in", at=NOON, direction="in"), scan("out", at=NOON + MINUTE, direction="out")])
    assert [verdict.decision for verdict in path.verdicts().values()] == ["turn_back", "refer"]
