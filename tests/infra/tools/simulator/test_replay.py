"""The synthetic day judged again from its journal: the same policies give every verdict again, another one what a day under it would have
brought."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.tools.simulator.make import make_world
from infra.tools.simulator.policy import POLICY, POLICY_ID
from infra.tools.simulator.world import World
from schemas.contract.events import PolicyAdopted, VerdictReached
from tests.infra.tools.simulator.day_in_memory import fast_bench, played
from tests.streams.memory_path import MemoryPath
from tests.streams.replaying import replayed

EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MORNING = datetime(2021, 9, 15, 0, tzinfo=UTC), datetime(2021, 9, 15, 5, tzinfo=UTC)
ANOTHER: dict[str, Any] = {
    "declaration_valid_hours": 5,
    "controlled_levels": ["red", "orange"],
    "speed_most_kmh": 300.0,
    "test_required_levels": [],
    "green_lane_exempt": True,
    "decisions": POLICY["decisions"]
    | {"identity_mismatch": "refer", "code_not_in_force": "turn_back", "unknown_document": "pass"},
}
"""Other than the day's own in what rules find, and in what that leads to."""


def day(directory: Path, policies: Mapping[str, Mapping[str, Any]]) -> tuple[World, MemoryPath]:
    with fast_bench(directory) as bench:
        world = make_world(seed=4656, citizens=1_000, days=1, pseudonyms=bench.pseudonyms)
        return world, played(bench, world, directory / "files", policies)


@pytest.fixture(scope="module")
def as_it_was(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryPath]:
    """With the other policy adopted for a day that never comes."""
    draft = {"draft": POLICY | ANOTHER | {"valid_from": "2090-01-01"}}
    yield day(tmp_path_factory.mktemp("was"), draft)[1]


@pytest.fixture(scope="module")
def as_it_would_be(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryPath]:
    """With the other policy in force in the morning."""
    begin, end = MORNING
    ruling = {
        "draft": POLICY | ANOTHER | {"valid_from": begin.isoformat(), "valid_to": end.isoformat()}
    }
    yield day(tmp_path_factory.mktemp("would be"), ruling)[1]


def named(path: MemoryPath, policy_id: str) -> PolicyAdopted:
    return next(
        policy for _, policy in path.reference.current.policies if policy.policy_id == policy_id
    )


def said(verdict: VerdictReached) -> tuple[Any, ...]:
    return verdict.decision, verdict.reasons, verdict.flag_ids


def test_the_policies_as_they_were_give_every_verdict_again(as_it_was: MemoryPath) -> None:
    found = replayed(as_it_was, *EVER)
    verdicts = as_it_was.verdicts()
    assert len({verdict.decision for verdict in verdicts.values()}) == 4
    assert found.judged == found.recorded == found.reproduced == len(verdicts) > 400
    assert (found.deviations, found.changed, found.scans) == ([], 0, [])


def test_the_same_policy_named_changes_nothing(as_it_was: MemoryPath) -> None:
    found = replayed(as_it_was, *EVER, named(as_it_was, POLICY_ID))
    assert found.reproduced == found.judged > 400
    assert found.changed == 0


def test_another_policy_changes_exactly_what_a_day_under_it_would_have(
    as_it_was: MemoryPath, as_it_would_be: MemoryPath
) -> None:
    found = replayed(as_it_was, *MORNING, named(as_it_was, "draft"))
    was, would_be = as_it_was.verdicts(), as_it_would_be.verdicts()
    begin, end = MORNING
    assert was.keys() == would_be.keys()
    changed = {
        one
        for one, verdict in was.items()
        if begin <= verdict.scanned_at < end and said(verdict) != said(would_be[one])
    }
    assert {scan.scan_id for scan in found.scans} == changed
    assert all(
        list(said(would_be[one.scan_id]))
        == [one.would_be.decision, one.would_be.reasons, one.would_be.flag_ids]
        for one in found.scans
    )
    assert {decided.was == decided.would_be for decided in found.decisions} == {True, False}
    assert {one.ground.partition("/")[0] for one in found.grounds} >= {
        "no_valid_declaration",
        "health_test",
    }


def test_every_count_of_the_table_adds_up(as_it_was: MemoryPath) -> None:
    found = replayed(as_it_was, *MORNING, named(as_it_was, "draft"))
    begin, end = MORNING
    assert found.judged == sum(
        begin <= verdict.scanned_at < end for verdict in as_it_was.verdicts().values()
    )
    assert (
        found.judged
        == sum(one.scans for one in found.decisions)
        == sum(post.judged for post in found.posts)
    )
    assert (
        found.changed
        == sum(one.scans for one in found.changes)
        == sum(post.graver + post.milder + post.other_reasons for post in found.posts)
    )
    assert found.changed == len(found.scans) > 10
    sides = [(set(scan.was.grounds), set(scan.would_be.grounds)) for scan in found.scans]
    for one in found.grounds:
        assert one.gone == sum(one.ground in was - would_be for was, would_be in sides)
        assert one.new == sum(one.ground in would_be - was for was, would_be in sides)
    times = [scan.scanned_at for scan in found.scans]
    assert times == sorted(times) and begin <= times[0] and times[-1] < end
