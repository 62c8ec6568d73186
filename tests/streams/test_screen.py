"""Screening over the journal itself, whatever the order of its entries.

A crash may have written some of them twice, and otherwise.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contract.events import JournalEntry
from schemas.contract.topics import JOURNAL, VERDICTS
from streams.screen import Screen
from streams.stage import Received
from tests.streams.facts import EXPECTED, FACTS, settled
from tests.streams.fakes import MemoryStore
from tests.streams.memory_path import KnownReference, MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    HOA_CCCD,
    HOA_CMND,
    NOON,
    citizen,
    declaration,
    scan,
    zone,
)

CRASHED = [settled(list(FACTS), known_after, 1) for known_after in (0, 5, len(FACTS))]
"""The same facts, before the register's links, in their midst and after them.

A crash may make all of these of one log.
"""
JOURNAL_OF_CRASHES: list[JournalEntry] = []
for crashed in CRASHED:
    JOURNAL_OF_CRASHES += crashed.topics[JOURNAL.name]  # type: ignore[arg-type] # entries only


def screened(journal: Sequence[JournalEntry], reference: KnownReference) -> MemoryPath:
    path, store = MemoryPath(), MemoryStore()
    stage = Screen(reference)
    for offset, entry in enumerate(journal):
        work = store.begin()
        path.take(stage.fold([Received(entry, 0, offset)], work))
        store.take(work)
    return path


@settings(max_examples=60, deadline=None)
@given(st.permutations(JOURNAL_OF_CRASHES))
def test_any_order_of_a_journal_written_twice_and_otherwise_ends_in_the_same_flags(
    journal: list[JournalEntry],
) -> None:
    assert screened(journal, EXPECTED.reference).open_flags() == EXPECTED.open_flags()


def knowing_more_each_time() -> MemoryPath:
    """Feeds a journey before it is known that its destination will be red, and a scan after."""
    path = MemoryPath()
    path.record([citizen()])
    path.feed_links()
    path.decide(zone(CITY, "green", NOON - timedelta(days=9)))
    path.feed([declaration("before it was known", at=NOON)])
    path.decide(zone(COAST, "red", NOON + timedelta(minutes=30)))
    path.feed([scan("after it was known", HOA_CMND, NOON + timedelta(minutes=50))])
    return path


KNOWING = knowing_more_each_time()


@settings(max_examples=20, deadline=None)
@given(st.permutations(KNOWING.topics[JOURNAL.name]))
def test_a_person_is_judged_by_the_newest_reference_data_of_all_their_entries(
    journal: list[JournalEntry],
) -> None:
    path = screened(journal, KNOWING.reference)
    assert path.open_flags() == KNOWING.open_flags()
    assert "red_zone_crossing" in {rule for rule, _ in path.rules_found()}


def test_an_event_sent_again_is_written_to_the_journal_once() -> None:
    path, once = MemoryPath(), declaration("once")
    path.feed([once])
    path.feed([once])
    assert len(path.topics[JOURNAL.name]) == 1


def test_scans_of_two_documents_of_one_person_under_one_id_have_a_verdict_each() -> None:
    """The second one had none: it was taken for the first, come again."""
    path = MemoryPath()
    path.record([citizen()])
    path.feed_links()
    first = scan("one id", HOA_CCCD, NOON)
    second = scan("one id", HOA_CMND, NOON + timedelta(minutes=1))
    path.feed([first, second])
    verdicts: list[Any] = path.topics[VERDICTS.name]
    assert [verdict.scan_id for verdict in verdicts] == [first.event_id] * 2
    assert {verdict.document_key for verdict in verdicts} == {
        first.document_key,
        second.document_key,
    }
