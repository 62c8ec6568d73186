"""Two worlds side by side: each is what the stage itself makes of that world.

Journals come in any order, and written twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from infra.replays.result import MAX_LISTED
from schemas.contract.events import JournalEntry, VerdictReached
from schemas.contract.ids import PersonId
from schemas.contract.topics import JOURNAL, VERDICTS
from schemas.domain.reference import DEFAULT_POLICY, Reference
from streams.replay.worlds import (
    CandidatePolicies,
    ReplayScope,
    differing_fields,
    differs,
    replayed_scans,
)
from streams.screen import Screen
from streams.stage import Received
from tests.streams.facts import EXPECTED, STRANGER
from tests.streams.fakes import MemoryStore
from tests.streams.memory_path import MemoryPath
from tests.streams.people import HOA_CMND, NOON, PSEUDONYMS, checkpoint, citizen, declaration, scan
from tests.streams.replaying import replay_of, replayed, with_decisions
from tests.streams.test_screen import JOURNAL_OF_CRASHES, screened

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LENIENT = replace(
    with_decisions(
        EXPECTED.reference.as_of(EXPECTED.reference.current.version).policy(NOON),
        identity_mismatch="pass",
        certificate="pass",
    ),
    declaration_valid_hours=2,
    controlled_levels=["orange"],
    speed_most_kmh=900.0,
)
Verdicts = dict[tuple[str, str], VerdictReached]


def firsts(verdicts: Sequence[Any]) -> Verdicts:
    """Returns the first verdict of each scan under each person."""
    found: Verdicts = {}
    for verdict in verdicts:
        found.setdefault((verdict.scan_id, verdict.person_id), verdict)
    return found


@dataclass
class OtherWorld:
    """Reference data of the other world, which is all that the stage sees."""

    current: Reference
    scope: ReplayScope

    def as_of(self, version: int) -> CandidatePolicies:
        return CandidatePolicies(self.current, version, self.scope)


def in_other_world(journal: Sequence[JournalEntry], scope: ReplayScope) -> Verdicts:
    path, store, stage = (
        MemoryPath(),
        MemoryStore(),
        Screen(OtherWorld(EXPECTED.reference.current, scope)),
    )
    for offset, entry in enumerate(journal):
        work = store.begin()
        path.take(stage.fold([Received(entry, 0, offset)], work))
        store.take(work)
    return firsts(path.topics[VERDICTS.name])


@settings(max_examples=40, deadline=None)
@given(
    st.permutations(JOURNAL_OF_CRASHES), st.integers(-4, 5), st.integers(1, 96), st.integers(1, 50)
)
def test_each_world_is_what_the_stage_makes_of_it(
    journal: list[JournalEntry], day: int, hours: int, batch: int
) -> None:
    begin = NOON + timedelta(days=day)
    scope = ReplayScope(begin, begin + timedelta(hours=hours), LENIENT)
    path = screened(journal, EXPECTED.reference)
    store = replay_of(journal, path.topics[VERDICTS.name], EXPECTED.reference, scope, batch)
    recorded = firsts(path.topics[VERDICTS.name])
    was = {key: verdict for key, verdict in recorded.items() if scope.covers(verdict.scanned_at)}
    other = in_other_world(journal, scope)
    would_be = {key: verdict for key, verdict in other.items() if scope.covers(verdict.scanned_at)}
    judged = {}
    for replayed_scan in replayed_scans(store):
        if replayed_scan.original is not None:
            verdict = replayed_scan.original.verdict
            judged[verdict.scan_id, verdict.person_id] = replayed_scan
    assert judged.keys() == was.keys() == would_be.keys()
    for key, replayed_scan in judged.items():
        assert replayed_scan.original is not None and replayed_scan.recorded is not None
        assert differing_fields(replayed_scan.original.verdict, was[key]) == {}
        assert differing_fields(replayed_scan.recorded, was[key]) == {}
        if replayed_scan.candidate is None:
            assert not differs(was[key], would_be[key])
        else:
            assert differing_fields(replayed_scan.candidate.verdict, would_be[key]) == {}


@pytest.fixture
def path() -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    path.feed(
        [
            declaration("a"),
            scan("in time", at=NOON + HOUR),
            scan("late", HOA_CMND, NOON + 73 * HOUR),
        ]
    )
    return path


def test_the_period_begins_with_its_beginning_and_ends_before_its_end(path: MemoryPath) -> None:
    assert replayed(path, NOON + HOUR, NOON + 73 * HOUR).judged == 1
    assert replayed(path, NOON + HOUR + MINUTE, NOON + 73 * HOUR).judged == 0
    assert replayed(path, NOON + HOUR, NOON + 73 * HOUR + MINUTE).judged == 2


def test_a_longer_validity_lets_the_late_scan_pass(path: MemoryPath) -> None:
    found = replayed(
        path,
        NOON,
        NOON + 100 * HOUR,
        replace(DEFAULT_POLICY, policy_id="longer", declaration_valid_hours=96),
    )
    (changed,) = found.scans
    assert (changed.was.decision, changed.would_be.decision) == ("refer", "pass")
    assert (changed.was.policy_id, changed.would_be.policy_id) == ("built-in", "longer")
    assert [(ground.ground, ground.gone, ground.new) for ground in found.grounds] == [
        ("no_valid_declaration/declaration_expired", 1, 0)
    ]
    assert [
        (change.was, change.would_be, change.gone, change.scans) for change in found.changes
    ] == [("refer", "pass", ["no_valid_declaration/declaration_expired"], 1)]
    assert [
        (post.judged, post.graver, post.milder, post.other_reasons) for post in found.posts
    ] == [(2, 0, 1, 0)]


def test_a_policy_in_force_elsewhere_in_time_changes_nothing(path: MemoryPath) -> None:
    found = replayed(
        path,
        NOON,
        NOON + 2 * HOUR,
        replace(DEFAULT_POLICY, policy_id="longer", declaration_valid_hours=96),
    )
    assert (found.judged, found.changed) == (1, 0)


def test_the_same_reasons_in_another_order_are_a_change(path: MemoryPath) -> None:
    path.feed([scan("of a stranger", STRANGER, NOON + 2 * HOUR)])
    turned = with_decisions(
        DEFAULT_POLICY, no_valid_declaration="check_papers", unknown_document="refer"
    )
    found = replayed(path, NOON, NOON + 3 * HOUR, turned)
    (changed,) = found.scans
    assert (
        changed.was.reasons == list(reversed(changed.would_be.reasons))
        and changed.was.decision == changed.would_be.decision == "refer"
    )
    assert [
        (post.judged, post.graver, post.milder, post.other_reasons) for post in found.posts
    ] == [(2, 0, 0, 1)]


@pytest.mark.parametrize(
    ("said", "apart"),
    [
        ({"decision": "pass"}, ["decision"]),
        ({"reasons": [], "registered": False}, ["reasons", "registered"]),
    ],
)
def test_a_recorded_verdict_that_the_journal_does_not_give_is_listed_with_its_fields(
    path: MemoryPath, said: dict[str, Any], apart: list[str]
) -> None:
    first, second = path.topics[VERDICTS.name]
    assert isinstance(second, VerdictReached)
    path.topics[VERDICTS.name] = [first, replace(second, **said), second]
    found = replayed(path, NOON, NOON + 100 * HOUR)
    assert (found.judged, found.recorded, found.reproduced) == (2, 2, 1)
    (deviation,) = found.deviations
    assert (deviation.scan_id, sorted(deviation.fields)) == (second.scan_id, apart)
    assert all(
        deviation.fields[name] == (value, getattr(second, name)) for name, value in said.items()
    )


def test_when_a_verdict_was_decided_makes_no_difference(path: MemoryPath) -> None:
    path.topics[VERDICTS.name] = [
        replace(verdict, decided_at=NOON) for verdict in path.verdicts().values()
    ]
    assert replayed(path, NOON, NOON + 100 * HOUR).reproduced == 2


def test_a_recorded_verdict_of_a_scan_that_the_journal_lacks_is_listed(path: MemoryPath) -> None:
    stray = replace(next(iter(path.verdicts().values())), person_id=PersonId("f" * 32))
    path.topics[VERDICTS.name].append(stray)
    found = replayed(path, NOON, NOON + 100 * HOUR)
    assert (found.judged, found.recorded, found.reproduced) == (2, 3, 2)
    assert [(deviation.scan_id, deviation.fields) for deviation in found.deviations] == [
        (stray.scan_id, {})
    ]


def test_scans_whose_verdict_is_not_written_yet_are_judged_and_not_recorded(
    path: MemoryPath,
) -> None:
    path.topics[VERDICTS.name].pop()
    found = replayed(path, NOON, NOON + 100 * HOUR)
    assert (found.judged, found.recorded, found.reproduced, found.deviations) == (2, 1, 1, [])


def test_lists_are_bounded_and_tell_what_lies_beyond() -> None:
    path, over = MemoryPath(batch=1_000), 7
    path.decide(checkpoint())
    people = [f"05119{number:07d}" for number in range(MAX_LISTED + over)]
    path.feed(
        [
            scan(number, at=NOON + MINUTE, document_key=PSEUDONYMS.person(number))
            for number in people
        ]
    )
    path.topics[VERDICTS.name] = [
        replace(verdict, registered=True) for verdict in path.verdicts().values()
    ]
    found = replayed(
        path, NOON, NOON + HOUR, with_decisions(DEFAULT_POLICY, no_valid_declaration="turn_back")
    )
    assert (found.changed, len(found.scans), found.scans_beyond) == (
        MAX_LISTED + over,
        MAX_LISTED,
        over,
    )
    assert (found.recorded - found.reproduced, len(found.deviations), found.deviations_beyond) == (
        MAX_LISTED + over,
        MAX_LISTED,
        over,
    )
    assert len(path.topics[JOURNAL.name]) == MAX_LISTED + over
