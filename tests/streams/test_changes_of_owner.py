"""What a document was used for follows its owner, whoever turns out to be that."""

from datetime import timedelta

import pytest

from schemas.contract.terms import RemovalReason
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    HOA_CMND,
    NOON,
    PSEUDONYMS,
    citizen,
    declaration,
    removal,
    scan,
)


def test_a_corrected_register_row_clears_what_it_explains() -> None:
    path = MemoryPath()
    path.record([citizen(full_name="Nguyễn Thị Hiền")])
    path.feed_links()
    said = declaration("said Hòa")
    path.feed([said])
    assert ("identity_mismatch", said.event_id) in path.rules_found()
    path.record([citizen(full_name="Nguyễn Thị Hòa")])
    path.feed_links()
    assert path.rules_found() == set()


@pytest.mark.parametrize("later", ["dropped by the row of the one", "removed with the one"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_number_corrected_from_one_person_to_another_is_the_others_whichever_row_comes_first(
    order: tuple[int, int], later: str
) -> None:
    """The second row is another person's, who holds the number now.

    The rows of two people are on different partitions.
    """
    path, other, day = MemoryPath(), "051190000456", timedelta(days=1)
    path.record([citizen()])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    gone = (
        removal(HOA_CCCD.number, NOON + day, "moved_away")
        if later.startswith("removed")
        else citizen(cmnd=None, recorded_at=NOON + day)
    )
    rows = [citizen(other, recorded_at=NOON + day), gone]
    for place in order:
        path.record([rows[place]])
        path.feed_links()
    assert path.entries_of_people()[PSEUDONYMS.person(other)] == {shown.event_id}


@pytest.mark.parametrize("reason", ["deceased", "moved_away"])
def test_whoever_the_register_no_longer_has_since_they_died_or_moved_keeps_what_they_did(
    reason: RemovalReason,
) -> None:
    """A case that has died is still traced by the number it showed."""
    path, day = MemoryPath(), timedelta(days=1)
    path.record([citizen()])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    path.record([removal(HOA_CCCD.number, NOON + day, reason)])
    path.feed_links()
    later = scan("by old number again", HOA_CMND, NOON + day)
    path.feed([later])
    assert path.entries_of_people() == {
        PSEUDONYMS.person(HOA_CCCD.number): {shown.event_id, later.event_id}
    }
    assert ("unknown_document", PSEUDONYMS.document(HOA_CMND)) in path.rules_found()


def test_a_number_that_two_people_held_stays_with_the_one_when_the_other_gives_it_up() -> None:
    path, other, day = MemoryPath(), "051190000456", timedelta(days=1)
    path.record([citizen(), citizen(other)])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    assert path.entries_of_people() == {PSEUDONYMS.person(other): {shown.event_id}}
    path.record([citizen(other, cmnd=None, recorded_at=NOON + day)])
    path.feed_links()
    assert path.entries_of_people() == {PSEUDONYMS.person(HOA_CCCD.number): {shown.event_id}}


def test_a_number_that_both_its_holders_gave_up_is_no_ones_whoever_was_first() -> None:
    """The first to give it up is not the owner: their claim is withdrawn all the same."""
    path, other, day = MemoryPath(), "051190000456", timedelta(days=1)
    path.record([citizen(), citizen(other)])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    for number in (HOA_CCCD.number, other):
        path.record([citizen(number, cmnd=None, recorded_at=NOON + day)])
        path.feed_links()
    own = PSEUDONYMS.person_of(PSEUDONYMS.document(HOA_CMND))
    assert path.entries_of_people() == {own: {shown.event_id}}


def test_a_document_that_changes_hands_takes_its_history_along() -> None:
    path = MemoryPath()
    path.record([citizen(cmnd=None)])
    path.feed_links()
    shown = scan("by old number", HOA_CMND)
    path.feed([shown])
    own = PSEUDONYMS.person_of(PSEUDONYMS.document(HOA_CMND))
    assert path.entries_of_people() == {own: {shown.event_id}}
    path.record([citizen()])
    path.feed_links()
    assert path.entries_of_people() == {PSEUDONYMS.person(HOA_CCCD.number): {shown.event_id}}
    path.record([citizen(cmnd=None)])
    path.feed_links()
    assert path.entries_of_people() == {own: {shown.event_id}}
