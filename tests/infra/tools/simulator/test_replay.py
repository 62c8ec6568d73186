"""The synthetic day judged again from its journal.

The same policies give every verdict again, another one what a day under it would have brought.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.tools.simulator.make import make_world
from infra.tools.simulator.policy import POLICY, POLICY_ID
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
"""It differs from the day's own in what rules find, and in what that leads to."""


def day(directory: Path, policies: Mapping[str, Mapping[str, Any]]) -> MemoryPath:
    with fast_bench(directory) as bench:
        world = make_world(seed=4656, citizens=1_000, days=1, pseudonyms=bench.pseudonyms)
        return played(bench, world, directory / "files", policies)


@pytest.fixture(scope="module")
def as_it_was(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryPath]:
    """The day, with the other policy adopted for a day that never comes."""
    draft = {"draft": POLICY | ANOTHER | {"valid_from": "2090-01-01"}}
    yield day(tmp_path_factory.mktemp("was"), draft)


@pytest.fixture(scope="module")
def as_it_would_be(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryPath]:
    """The day, with the other policy in force in the morning."""
    begin, end = MORNING
    in_force = {"valid_from": begin.isoformat(), "valid_to": end.isoformat()}
    ruling = {"draft": POLICY | ANOTHER | in_force}
    yield day(tmp_path_factory.mktemp("would be"), ruling)


def named(path: MemoryPath, policy_id: str) -> PolicyAdopted:
    policies = [policy for _, policy in path.reference.current.policies]
    return next(policy for policy in policies if policy.policy_id == policy_id)


def contents(verdict: VerdictReached) -> list[Any]:
    return [verdict.decision, verdict.reasons, verdict.flag_ids]


def in_the_morning(at: datetime) -> bool:
    begin, end = MORNING
    return begin <= at < end


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
    assert was.keys() == would_be.keys()
    changed = {
        scan_id
        for scan_id, verdict in was.items()
        if in_the_morning(verdict.scanned_at) and contents(verdict) != contents(would_be[scan_id])
    }
    assert {scan.scan_id for scan in found.scans} == changed
    for scan in found.scans:
        side = scan.would_be
        assert contents(would_be[scan.scan_id]) == [side.decision, side.reasons, side.flag_ids]
    assert {decided.was == decided.would_be for decided in found.decisions} == {True, False}
    rules = {change.ground.partition("/")[0] for change in found.grounds}
    assert rules >= {"no_valid_declaration", "health_test"}


def test_every_count_of_the_table_adds_up(as_it_was: MemoryPath) -> None:
    found = replayed(as_it_was, *MORNING, named(as_it_was, "draft"))
    verdicts = as_it_was.verdicts().values()
    assert found.judged == sum(in_the_morning(verdict.scanned_at) for verdict in verdicts)
    assert found.judged == sum(decided.scans for decided in found.decisions)
    assert found.judged == sum(post.judged for post in found.posts)
    assert found.changed == sum(change.scans for change in found.changes)
    posts_changed = [post.graver + post.milder + post.other_reasons for post in found.posts]
    assert found.changed == sum(posts_changed)
    assert found.changed == len(found.scans) > 10
    sides = [(set(scan.was.grounds), set(scan.would_be.grounds)) for scan in found.scans]
    for change in found.grounds:
        assert change.gone == sum(change.ground in was - would_be for was, would_be in sides)
        assert change.new == sum(change.ground in would_be - was for was, would_be in sides)
    times = [scan.scanned_at for scan in found.scans]
    assert times == sorted(times)
    assert in_the_morning(times[0])
    assert in_the_morning(times[-1])
